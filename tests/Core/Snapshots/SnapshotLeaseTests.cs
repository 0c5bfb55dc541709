using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Tests.Snapshots;

public sealed class SnapshotLeaseTests
{
    private static readonly ObjectKey Key = new("data/0123/slices/shard-0001.json");
    private readonly MemoryObjectStore _store = new(TimeProvider.System);

    [Fact]
    public async Task A_later_call_takes_it_and_the_earlier_one_writes_nothing_more()
    {
        SnapshotLease first = await BeginAsync();
        SnapshotLease second = (await SnapshotLease.TakeAsync(_store, Key, default))!;
        Assert.Equal(2, second.Checkpoint.Lease);
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => first.CommitAsync(first.Checkpoint with { LengthBytes = 9 }, default));
        await Assert.ThrowsAsync<NoLongerOwnerException>(async () => await first.Numbers().TakeAsync(99, default));
        await second.CommitAsync(second.Checkpoint with { LengthBytes = 10 }, default);
        Assert.Equal(10, (await SnapshotLease.TakeAsync(_store, Key, default))!.Checkpoint.LengthBytes);
    }

    [Fact]
    public async Task Who_comes_second_with_a_first_slice_is_told() => Assert.Null(
        await SnapshotLease.BeginAsync(_store, Key, (await BeginAsync()).Checkpoint, default));

    [Fact]
    public async Task Without_a_checkpoint_there_is_nothing_to_take() => Assert.Null(await SnapshotLease.TakeAsync(_store, Key, default));

    [Fact]
    public async Task Each_call_has_numbers_that_no_other_had()
    {
        await BeginAsync();
        SnapshotLease dead = (await SnapshotLease.TakeAsync(_store, Key, default))!;
        PartNumbers first = dead.Numbers();
        await first.TakeAsync(7, default);
        await first.TakeAsync(7 + SnapshotLease.NumbersAtOnce, default);

        SnapshotLease next = (await SnapshotLease.TakeAsync(_store, Key, default))!;
        Assert.Equal((7, 7 + (2 * SnapshotLease.NumbersAtOnce)), (first.First, next.Numbers().First));

        // What a call that came to its end did not use is free again, also for that call itself.
        await next.CommitAsync(next.Checkpoint with { FreeNumber = 80 }, default);
        Assert.Equal(80, next.Numbers().First);
        await next.Numbers().TakeAsync(80, default);
        Assert.Equal(80 + SnapshotLease.NumbersAtOnce, (await SnapshotLease.TakeAsync(_store, Key, default))!.Numbers().First);
    }

    [Fact]
    public async Task Numbers_end_where_a_store_takes_no_more()
    {
        SnapshotLease lease = await BeginAsync();
        await lease.CommitAsync(lease.Checkpoint with { FreeNumber = StoreLimits.MaxPartNumber - 3 }, default);
        PartNumbers numbers = (await SnapshotLease.TakeAsync(_store, Key, default))!.Numbers();
        await numbers.TakeAsync(StoreLimits.MaxPartNumber, default);
        SnapshotLease last = (await SnapshotLease.TakeAsync(_store, Key, default))!;
        Assert.Equal(StoreLimits.MaxPartNumber + 1, last.Checkpoint.FreeNumber);
    }

    private async Task<SnapshotLease> BeginAsync() => (await SnapshotLease.BeginAsync(
        _store,
        Key,
        new SnapshotCheckpoint
        {
            Lease = 1,
            Data = new ObjectKey("data/0123/shard.rdb"),
            Index = new ObjectKey("data/0123/shard.index"),
            Upload = "u",
            Parts = [],
            FreeNumber = 7,
            LengthBytes = 0,
            Slices = [],
        },
        default))!;
}
