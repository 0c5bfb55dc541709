using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Faults.Host;

/// <summary>Tells of what is written into targets. Probing and taking a snapshot change nothing outside.</summary>
internal sealed class ObservedCaches(ICaches inner, EffectLog effects) : ICaches
{
    public Task<CacheProbe> ProbeAsync(CacheAddress address, CancellationToken cancellationToken) => inner.ProbeAsync(address, cancellationToken);

    public ISnapshotSource Source(CacheAddress address, BackupMethod method, SlotSet? slots = null, CacheAddress? scanned = null) => inner.Source(address, method, slots, scanned);

    public async Task<IRestoreTarget> ConnectTargetAsync(CacheAddress address, CancellationToken cancellationToken) =>
        new ObservedTarget(await inner.ConnectTargetAsync(address, cancellationToken), effects);
}
