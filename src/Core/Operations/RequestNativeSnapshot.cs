using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>
/// A native backup's first step: asks ElastiCache for a snapshot under a name that a repetition finds again. The name is in the backup's
/// record before ElastiCache hears it, so that whatever comes of it can be cleaned up.
/// </summary>
public sealed class RequestNativeSnapshot(ServiceParts parts)
{
    /// <exception cref="NoLongerOwnerException">The backup was abandoned.</exception>
    /// <exception cref="NotFoundException">ElastiCache has no such cache any more.</exception>
    /// <exception cref="ManagedSourceBusyException">The cache takes no requests at the moment.</exception>
    /// <exception cref="BackupQuotaExceededException">ElastiCache's own quota of snapshots is used up.</exception>
    /// <exception cref="CatalogConflictException">There is a snapshot of that name, and it is somebody else's.</exception>
    public async Task<NativeSnapshotId> RunAsync(BackupJob job, CancellationToken cancellationToken)
    {
        NativeRecords records = await NativeRecords.ReadAsync(parts, job, cancellationToken);
        NativeRecords.RequireExchange(parts);
        NativeSnapshotId id = records.Snapshot;
        await NoteAsync(job, id, cancellationToken);
        if (await parts.NativeSnapshots.FindAsync(id, cancellationToken) is { } taken)
        {
            await RequireOursAsync(taken, job, cancellationToken);
            return id;
        }

        ManagedDescription source = await parts.ManagedSources.FindAsync(records.Resource, cancellationToken)
            ?? throw new NotFoundException($"ElastiCache has no {records.Resource} any more. Remove cache {records.Cache.Name}, or register it anew.");
        NativeSnapshotRequest request = new(id, records.Resource, source.SnapshotNode, ManagedTags.OfSnapshot(job, records.Backup.Tags));
        if (!await parts.NativeSnapshots.RequestAsync(request, cancellationToken)
            && await parts.NativeSnapshots.FindAsync(id, cancellationToken) is { } other)
        {
            await RequireOursAsync(other, job, cancellationToken);
        }

        return id;
    }

    private Task<Backup> NoteAsync(BackupJob job, NativeSnapshotId id, CancellationToken cancellationToken) => parts.Catalog.Backups.ChangeAsync(
        job.Backup,
        current =>
        {
            Ownership.Check(current, job.Execution, job.Generation);
            return current.NativeSnapshot == id ? current : current with { NativeSnapshot = id };
        },
        cancellationToken);

    private async Task RequireOursAsync(NativeSnapshot snapshot, BackupJob job, CancellationToken cancellationToken)
    {
        IReadOnlyList<Tag> tags = await parts.ManagedSources.ReadTagsAsync(snapshot.Arn, cancellationToken);
        if (!ManagedTags.Hold(tags, ManagedTags.Execution, job.Execution.Value))
        {
            throw new CatalogConflictException(
                $"ElastiCache has a {snapshot.Id} that this execution did not ask for (no tag {ManagedTags.Execution}={job.Execution}). Delete it there, then take the backup again.");
        }
    }
}
