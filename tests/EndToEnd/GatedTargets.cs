using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.EndToEnd;

/// <summary>Holds every restore before it reaches its target, until the gate is opened.</summary>
internal sealed class GatedTargets(ICaches inner) : ICaches
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when a restore stands at the gate.</summary>
    public Task Reached => _reached.Task;

    public void Open() => _open.SetResult();

    public Task<CacheProbe> ProbeAsync(CacheAddress address, CancellationToken cancellationToken) => inner.ProbeAsync(address, cancellationToken);

    public ISnapshotSource Source(CacheAddress address, BackupMethod method, SlotSet? slots = null, CacheAddress? scanned = null) => inner.Source(address, method, slots, scanned);

    public async Task<IRestoreTarget> ConnectTargetAsync(CacheAddress address, CancellationToken cancellationToken)
    {
        _reached.TrySetResult();
        await _open.Task.WaitAsync(cancellationToken);
        return await inner.ConnectTargetAsync(address, cancellationToken);
    }
}
