using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>ElastiCache's own snapshots.</summary>
public interface INativeSnapshots
{
    /// <summary>Asks ElastiCache to take a snapshot; it is being taken when this returns.</summary>
    /// <returns>False: there is one of that name already, ours or somebody else's.</returns>
    /// <exception cref="ManagedSourceBusyException">The cache is not available: it is changed, or another snapshot is taken.</exception>
    /// <exception cref="BackupQuotaExceededException">ElastiCache takes no more snapshots of it for now.</exception>
    /// <exception cref="NotFoundException">There is no such cache.</exception>
    /// <exception cref="NativeSnapshotFailedException">ElastiCache refuses for another reason, which the message has.</exception>
    Task<bool> RequestAsync(NativeSnapshotRequest request, CancellationToken cancellationToken);

    /// <summary>Null: there is none of that name.</summary>
    Task<NativeSnapshot?> FindAsync(NativeSnapshotId id, CancellationToken cancellationToken);

    /// <summary>Deletes a snapshot; one that is not there is as good as deleted.</summary>
    /// <returns>False: it cannot be deleted now, since ElastiCache is at work on it.</returns>
    Task<bool> TryDeleteAsync(NativeSnapshotId id, CancellationToken cancellationToken);
}
