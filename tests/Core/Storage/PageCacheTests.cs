using CacheBackup.Core.Storage.Files;
using CacheBackup.Fixtures;
using Microsoft.Win32.SafeHandles;

namespace CacheBackup.Core.Tests.Storage;

public sealed class PageCacheTests
{
    [Fact]
    public void What_is_given_back_is_read_again_from_the_disk()
    {
        using TemporaryDirectory directory = new();
        byte[] content = new byte[100_000];
        new Random(5).NextBytes(content);
        using SafeFileHandle file = File.OpenHandle(
            Path.Combine(directory.Path, "file"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        RandomAccess.Write(file, content, 0);
        PageCache.StartWriting(file, 0, content.Length);
        PageCache.Release(file, 0, content.Length);
        byte[] read = new byte[content.Length];
        Assert.Equal(content.Length, RandomAccess.Read(file, read, 0));
        Assert.Equal(content, read);
    }

    [Fact]
    public void An_answer_that_is_no_success_is_not_taken_for_one()
    {
        using var none = new SafeFileHandle(int.MaxValue, ownsHandle: false);
        Assert.Throws<IOException>(() => PageCache.StartWriting(none, 0, 1));
        Assert.Throws<IOException>(() => PageCache.Release(none, 0, 1));
    }
}
