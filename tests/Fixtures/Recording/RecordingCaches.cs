using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Fixtures.Recording;

/// <summary>Caches whose connections are noted: each needs the network of the caches and, in general, a password.</summary>
public sealed class RecordingCaches(ICaches inner, CallRecorder recorder) : ICaches
{
    public const string Target = "caches";

    public Task<CacheProbe> ProbeAsync(CacheAddress address, CancellationToken cancellationToken)
    {
        recorder.Note(Target, "Connect");
        return inner.ProbeAsync(address, cancellationToken);
    }

    public ISnapshotSource Source(CacheAddress address, BackupMethod method, SlotSet? slots = null, CacheAddress? scanned = null)
    {
        recorder.Note(Target, "Connect");
        return inner.Source(address, method, slots, scanned);
    }

    public Task<IRestoreTarget> ConnectTargetAsync(CacheAddress address, CancellationToken cancellationToken)
    {
        recorder.Note(Target, "Connect");
        return inner.ConnectTargetAsync(address, cancellationToken);
    }
}
