using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>
/// A native backup's last step, after it was published: its files go from the exchange bucket, and, unless it is to be kept, ElastiCache's
/// snapshot. The data is ours by then, so nothing here is urgent.
/// </summary>
public sealed class RemoveNativeFiles(ServiceParts parts)
{
    /// <param name="confirm">ElastiCache was asked to delete the snapshot: see whether it does, and note in the backup's reason where it does not.</param>
    /// <returns>The snapshot that is still to be deleted; null: none.</returns>
    /// <exception cref="NoLongerOwnerException">The backup belongs to another execution.</exception>
    public async Task<NativeSnapshotId?> RunAsync(BackupJob job, bool confirm, CancellationToken cancellationToken)
    {
        Backup backup = await parts.Catalog.Backups.GetAsync(job.Backup, cancellationToken);
        if (!backup.IsHeldBy(job.Execution, job.Generation))
        {
            throw new NoLongerOwnerException($"Backup {backup.Name} is no longer execution {job.Execution}'s.");
        }

        NativeLeftovers leftovers = new(parts);
        await leftovers.RemoveFilesAsync(backup, cancellationToken);
        if (backup.NativeSnapshot is not { } id || await leftovers.IsKeptAsync(backup, cancellationToken))
        {
            return null;
        }

        if (await parts.NativeSnapshots.FindAsync(id, cancellationToken) is not { IsGoing: false } snapshot)
        {
            await leftovers.ForgetSnapshotAsync(backup, cancellationToken);
            return null;
        }

        if (!confirm)
        {
            return id;
        }

        // No failure of a backup that is published: the snapshot is named, and the purge asks again.
        await leftovers.NoteStayingAsync(backup, $"ElastiCache does not delete its {id}, which is {snapshot.Status}. It costs as long as it lies; the purge asks again.", cancellationToken);
        return null;
    }
}
