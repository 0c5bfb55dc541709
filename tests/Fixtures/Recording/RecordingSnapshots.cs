using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Fixtures.Recording;

/// <summary>ElastiCache's own snapshots, with every call noted.</summary>
public sealed class RecordingSnapshots(INativeSnapshots inner, CallRecorder recorder) : INativeSnapshots
{
    public Task<bool> RequestAsync(NativeSnapshotRequest request, CancellationToken cancellationToken)
    {
        recorder.Note(RecordingSources.Target, "RequestSnapshot");
        return inner.RequestAsync(request, cancellationToken);
    }

    public Task<NativeSnapshot?> FindAsync(NativeSnapshotId id, CancellationToken cancellationToken)
    {
        recorder.Note(RecordingSources.Target, "FindSnapshot");
        return inner.FindAsync(id, cancellationToken);
    }

    public Task<bool> TryDeleteAsync(NativeSnapshotId id, CancellationToken cancellationToken)
    {
        recorder.Note(RecordingSources.Target, "DeleteSnapshot");
        return inner.TryDeleteAsync(id, cancellationToken);
    }
}
