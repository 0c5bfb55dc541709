using CacheBackup.Core.Storage;
using CacheBackup.Core.Storage.Files;
using CacheBackup.Fixtures;

namespace CacheBackup.Core.Tests.Storage;

public sealed class FileLockTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _path;

    public FileLockTests()
    {
        _path = Path.Combine(_directory.Path, "lock");
        FileLock.Create(_path);
    }

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(true, true, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public void Exclusive_lock_keeps_all_others_out(bool isFirstExclusive, bool isSecondExclusive, bool expected)
    {
        using FileLock? first = FileLock.TryAcquire(_path, isFirstExclusive);
        using FileLock? second = FileLock.TryAcquire(_path, isSecondExclusive);

        Assert.NotNull(first);
        Assert.Equal(expected, second is not null);
    }

    [Fact]
    public async Task Waiter_gets_the_lock_when_it_is_released()
    {
        FileLock held = FileLock.TryAcquire(_path, exclusive: true)!;
        ValueTask<FileLock> waiting = FileLock.AcquireAsync(_path, exclusive: true, TimeSpan.FromSeconds(30), default);
        Assert.False(waiting.IsCompleted);

        held.Dispose();

        using FileLock taken = await waiting;
        Assert.Null(FileLock.TryAcquire(_path, exclusive: false));
    }

    [Fact]
    public async Task Waiter_gives_up_after_its_time_and_when_it_is_cancelled()
    {
        using FileLock held = FileLock.TryAcquire(_path, exclusive: true)!;
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAsync<StoreUnavailableException>(
            async () => await FileLock.AcquireAsync(_path, exclusive: false, TimeSpan.FromMilliseconds(50), default));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await FileLock.AcquireAsync(_path, exclusive: false, TimeSpan.FromSeconds(30), cancel.Token));
    }
}
