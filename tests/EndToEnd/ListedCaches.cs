using CacheBackup.Caches.Memcached;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.EndToEnd;

/// <summary>Memcached nodes that are all large enough for a slice of its own for the list; lets a test do something before a slice.</summary>
internal sealed class ListedCaches(ICaches inner) : ICaches
{
    private static readonly MemcachedOptions Options = MemcachedOptions.Default with { KeysAtHand = 0, ListBlockBytes = 4 * 1024 };
    private int _slices;

    /// <summary>Is told the number of the slice that is about to be taken, from 1 on.</summary>
    public Func<int, Task> BeforeSlice { get; init; } = _ => Task.CompletedTask;

    public Task<CacheProbe> ProbeAsync(CacheAddress address, CancellationToken cancellationToken) => inner.ProbeAsync(address, cancellationToken);

    public ISnapshotSource Source(CacheAddress address, BackupMethod method, SlotSet? slots = null, CacheAddress? scanned = null) =>
        new Meddled(this, new MemcachedSource(address, KnownPassword.Instance, Options, TimeProvider.System));

    public Task<IRestoreTarget> ConnectTargetAsync(CacheAddress address, CancellationToken cancellationToken) =>
        inner.ConnectTargetAsync(address, cancellationToken);

    private sealed class Meddled(ListedCaches caches, MemcachedSource inner) : ISlicedSource
    {
        public Task<SnapshotTransfer> OpenAsync(CancellationToken cancellationToken) => inner.OpenAsync(cancellationToken);

        public Task<SnapshotTransfer> OpenAsync(SliceLimit slice, ScanHalt? from, CancellationToken cancellationToken) =>
            inner.OpenAsync(slice, from, cancellationToken);

        public async Task<SnapshotTransfer> OpenAsync(SliceLimit slice, ScanHalt? from, KeyListStore lists, CancellationToken cancellationToken)
        {
            int number = Interlocked.Increment(ref caches._slices);
            await caches.BeforeSlice(number);
            return await inner.OpenAsync(slice, from, lists, cancellationToken);
        }
    }
}
