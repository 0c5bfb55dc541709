using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.EndToEnd;

/// <summary>Lets a test do something when a shard's data set is about to be asked for, or has just been announced.</summary>
internal sealed class MeddledCaches(ICaches inner) : ICaches
{
    /// <summary>Before a shard is asked for its data: by what it owns.</summary>
    public Func<SlotSet, Task> BeforeTransfer { get; set; } = _ => Task.CompletedTask;

    /// <summary>When a shard's data are on their way.</summary>
    public Func<SlotSet, Task> InTransfer { get; set; } = _ => Task.CompletedTask;

    public Task<CacheProbe> ProbeAsync(CacheAddress address, CancellationToken cancellationToken) => inner.ProbeAsync(address, cancellationToken);

    public ISnapshotSource Source(CacheAddress address, BackupMethod method, SlotSet? slots = null, CacheAddress? scanned = null) =>
        inner.Source(address, method, slots, scanned) switch
        {
            ISlicedSource sliced => new MeddledSlices(this, sliced, slots ?? SlotSet.None),
            var whole => new MeddledSource(this, whole, slots ?? SlotSet.None),
        };

    public Task<IRestoreTarget> ConnectTargetAsync(CacheAddress address, CancellationToken cancellationToken) =>
        inner.ConnectTargetAsync(address, cancellationToken);

    private sealed class MeddledSource(MeddledCaches caches, ISnapshotSource inner, SlotSet slots) : ISnapshotSource
    {
        public async Task<SnapshotTransfer> OpenAsync(CancellationToken cancellationToken)
        {
            await caches.BeforeTransfer(slots);
            SnapshotTransfer transfer = await inner.OpenAsync(cancellationToken);
            await caches.InTransfer(slots);
            return transfer;
        }
    }
    private sealed class MeddledSlices(MeddledCaches caches, ISlicedSource inner, SlotSet slots) : ISlicedSource
    {
        public Task<SnapshotTransfer> OpenAsync(CancellationToken cancellationToken) => OpenAsync(SliceLimit.None, null, cancellationToken);

        public async Task<SnapshotTransfer> OpenAsync(SliceLimit slice, ScanHalt? from, CancellationToken cancellationToken)
        {
            await caches.BeforeTransfer(slots);
            SnapshotTransfer transfer = await inner.OpenAsync(slice, from, cancellationToken);
            await caches.InTransfer(slots);
            return transfer;
        }
    }
}
