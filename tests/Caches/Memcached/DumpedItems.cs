using CacheBackup.Caches.Memcached;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests.Memcached;

/// <summary>A snapshot of a real memcached in a memory store, and the way back.</summary>
internal sealed class DumpedItems
{
    private static readonly SnapshotKeys Keys = new(new ObjectKey("data/0123/shard-0.rdb"), new ObjectKey("data/0123/shard-0.index"));

    private DumpedItems(IObjectStore store, SnapshotResult snapshot)
    {
        Store = store;
        Snapshot = snapshot;
    }

    public IObjectStore Store { get; }

    public SnapshotResult Snapshot { get; }

    public RestoreRange Range => RestoreRange.Whole(Keys.Data, Snapshot.Content.Index);

    public static async Task<DumpedItems> TakeAsync(CacheAddress address, MemcachedOptions? options = null, int segmentBytes = 64 * 1024)
    {
        var store = new MemoryObjectStore(TimeProvider.System);
        SnapshotOptions snapshot = SnapshotOptions.Default;
        snapshot = snapshot with { Segments = snapshot.Segments with { TargetBytes = segmentBytes } };
        MemcachedSource source = new(address, KnownPassword.Instance, options ?? MemcachedOptions.Default, TimeProvider.System);
        return new DumpedItems(store, await new SnapshotRun(store, TimeProvider.System, snapshot, new Random(1)).RunAsync(source, Keys, null, default));
    }

    public static Task<MemcachedTarget> ConnectAsync(MemcachedProcess server) =>
        MemcachedTarget.ConnectAsync(server.Address, KnownPassword.Instance, RespConnectionOptions.Default, TimeProvider.System, default);

    public async Task<byte[]> BytesAsync()
    {
        await using ObjectContent content = await Store.GetAsync(Keys.Data, null, default);
        byte[] bytes = new byte[content.LengthBytes];
        await content.Stream.ReadExactlyAsync(bytes);
        return bytes;
    }

    public async Task<RestoreReport> RestoreAsync(MemcachedProcess server)
    {
        await using MemcachedTarget target = await ConnectAsync(server);
        return await new RestoreRun(Store, TimeProvider.System).RunAsync(Range, target, null, default);
    }

    /// <summary>Compares every item, then the totals.</summary>
    public async Task<CompareReport> CompareAsync(MemcachedProcess server)
    {
        await using MemcachedTarget target = await ConnectAsync(server);
        CompareReport items = await new CompareRun(Store, TimeProvider.System).RunAsync(Range, target, null, default);
        return await CompareTotals.RunAsync(target, Snapshot.Content.Summary.Databases, items, default);
    }
}
