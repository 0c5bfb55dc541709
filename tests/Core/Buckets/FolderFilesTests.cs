using System.Security.Cryptography;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Core.Tests.Buckets;

public sealed class FolderFilesTests : IDisposable
{
    private static readonly BucketFileName Name = BucketFileName.Parse("täglich-0001.rdb");
    private static readonly byte[] Content = StoreBytes.Random(3_000_000, seed: 5);
    private readonly TemporaryDirectory _directory = new();

    private FolderFiles Files => new(_directory.Path, TimeProvider.System);

    private string Path => System.IO.Path.Combine(_directory.Path, Name.Value);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task File_is_written_whole_and_read_in_ranges()
    {
        Assert.Null(await Files.FindAsync(Name, default));
        Assert.Equal(CopyProof.Streamed, await WriteAsync(Digest));
        Assert.Equal(Content, await File.ReadAllBytesAsync(Path));
        Assert.Equal(Content.Length, (await Files.FindAsync(Name, default))!.LengthBytes);
        await using ObjectContent range = await Files.ReadAsync(Name, new ByteRange(10, 20), default);
        byte[] bytes = new byte[20];
        await range.Stream.ReadExactlyAsync(bytes);
        Assert.Equal(Content[10..30], bytes);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        Assert.Single(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Fact]
    public async Task File_that_is_there_is_never_replaced()
    {
        await File.WriteAllTextAsync(Path, "mine");
        await Assert.ThrowsAsync<PreconditionFailedException>(() => WriteAsync(Digest));
        await Assert.ThrowsAsync<PreconditionFailedException>(() => Files.WriteAsync(Name, new byte[3], default));
        Assert.Equal("mine", await File.ReadAllTextAsync(Path));
        Assert.Single(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Theory]
    [InlineData("link.rdb")]
    [InlineData("folder/inside.rdb")]
    public async Task Links_are_not_followed(string name)
    {
        await File.WriteAllTextAsync(System.IO.Path.Combine(_directory.Path, "file.rdb"), "bytes");
        string outside = System.IO.Path.Combine(_directory.Path, "outside");
        Directory.CreateDirectory(outside);
        await File.WriteAllTextAsync(System.IO.Path.Combine(outside, "inside.rdb"), "bytes");
        File.CreateSymbolicLink(System.IO.Path.Combine(_directory.Path, "link.rdb"), System.IO.Path.Combine(_directory.Path, "file.rdb"));
        Directory.CreateSymbolicLink(System.IO.Path.Combine(_directory.Path, "folder"), outside);
        InvalidRequestException refused = await Assert.ThrowsAsync<InvalidRequestException>(() => Files.FindAsync(BucketFileName.Parse(name), default));
        Assert.Contains("is a link", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_racing_writers_one_makes_the_file_and_its_bytes_are_one_writers()
    {
        Task[] writers = [.. Enumerable.Range(0, 8).Select(i => Files.WriteAsync(Name, Enumerable.Repeat((byte)i, 100_000).ToArray(), default))];
        await Task.WhenAll(writers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        byte[] bytes = await File.ReadAllBytesAsync(Path);
        Assert.Equal(100_000, bytes.Length);
        Assert.Single(bytes.Distinct());
        Assert.Equal(1, writers.Count(writer => writer.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task Other_bytes_than_recorded_leave_nothing()
    {
        await Assert.ThrowsAsync<BackupDamagedException>(() => WriteAsync(new Sha256Digest(SHA256.HashData("other"u8))));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Fact]
    public async Task What_a_killed_writer_left_is_removed_and_the_file_is_not()
    {
        await Files.WriteAsync(Name, new byte[3], default);
        string hash = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Name.Value)).AsSpan(0, 8));
        string left = System.IO.Path.Combine(_directory.Path, $".cache-backup-{hash}-01234567.partial");
        await File.WriteAllTextAsync(left, "half");
        await Files.RemovePartialAsync(Name, default);
        Assert.False(File.Exists(left));
        Assert.True(File.Exists(Path));
        await Files.RemoveAsync(Name, default);
        await Files.RemoveAsync(Name, default);
        Assert.False(File.Exists(Path));
    }

    private static Sha256Digest Digest => new(SHA256.HashData(Content));

    private async Task<CopyProof> WriteAsync(Sha256Digest digest)
    {
        MemoryObjectStore store = new(TimeProvider.System);
        ObjectKey key = new("data/one.rdb");
        await store.PutAsync(key, Content, WriteCondition.None, default);
        return await Files.WriteAsync(Name, new RecordedObject(store, key, Content.Length, digest), null, default);
    }
}
