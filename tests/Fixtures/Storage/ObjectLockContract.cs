using CacheBackup.Core.Storage;
using Xunit;

namespace CacheBackup.Fixtures.Storage;

/// <summary>What every store that can lock objects promises: one suite, run on each of them.</summary>
public abstract class ObjectLockContract
{
    private static readonly ObjectKey Key = new("data/one/shard-1.rdb");

    /// <summary>Far enough ahead for the slowest run of a test.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromDays(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A new empty store whose objects can be locked.</summary>
    protected abstract ValueTask<IObjectStore> OpenAsync();

    /// <summary>The store's clock.</summary>
    protected abstract DateTimeOffset Now { get; }

    [Fact]
    public async Task Locked_object_is_not_removed_and_the_refusal_has_the_date()
    {
        (IObjectStore store, ILockingStore locks) = await OpenBothAsync();
        await store.PutTextAsync(Key, "kept");
        DateTimeOffset until = DateTimeOffset.FromUnixTimeSeconds((Now + Long).ToUnixTimeSeconds());
        await locks.LockAsync(Key, until, Cancellation);

        ObjectLockedException refusal = await Assert.ThrowsAsync<ObjectLockedException>(() => store.DeleteAsync(Key, Cancellation));

        Assert.Equal(until, refusal.Until);
        Assert.Equal("kept"u8.ToArray(), (await store.ReadAsync(Key)).Bytes);
    }

    [Fact]
    public async Task Lock_holds_its_own_object_alone()
    {
        (IObjectStore store, ILockingStore locks) = await OpenBothAsync();
        ObjectKey longer = new(Key.Value + ".index");
        await store.PutTextAsync(Key, "one");
        await store.PutTextAsync(longer, "two");
        await locks.LockAsync(longer, Now + Long, Cancellation);

        await store.DeleteAsync(Key, Cancellation);

        Assert.Null(await store.HeadAsync(Key, Cancellation));
        Assert.NotNull(await store.HeadAsync(longer, Cancellation));
        await Assert.ThrowsAsync<ObjectLockedException>(() => store.DeleteAsync(longer, Cancellation));
    }

    [Fact]
    public async Task Lock_may_be_set_again_and_for_longer()
    {
        (IObjectStore store, ILockingStore locks) = await OpenBothAsync();
        await store.PutTextAsync(Key, "kept");
        DateTimeOffset until = DateTimeOffset.FromUnixTimeSeconds((Now + Long).ToUnixTimeSeconds());
        await locks.LockAsync(Key, until, Cancellation);
        await locks.LockAsync(Key, until, Cancellation);
        await locks.LockAsync(Key, until.AddDays(1), Cancellation);

        ObjectLockedException refusal = await Assert.ThrowsAsync<ObjectLockedException>(() => store.DeleteAsync(Key, Cancellation));

        Assert.Equal(until.AddDays(1), refusal.Until);
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_locked_and_is_as_good_as_removed()
    {
        (IObjectStore store, ILockingStore locks) = await OpenBothAsync();

        await Assert.ThrowsAsync<ObjectNotFoundException>(() => locks.LockAsync(Key, Now + Long, Cancellation));
        await store.DeleteAsync(Key, Cancellation);
    }

    private async Task<(IObjectStore Store, ILockingStore Locks)> OpenBothAsync()
    {
        IObjectStore store = await OpenAsync();
        return (store, Assert.IsAssignableFrom<ILockingStore>(store));
    }
}
