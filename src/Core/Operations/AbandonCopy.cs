using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Ends a copy that did not come to its end: marks its record, gives its open uploads up, lets its source go. Removes no bytes. What is not
/// this execution's is left alone, so it may be called any number of times, at any moment.
/// </summary>
public sealed class AbandonCopy(ServiceParts parts)
{
    public async Task RunAsync(NewBackupJob job, FailureCause failure, CancellationToken cancellationToken)
    {
        Backup? before = (await parts.Catalog.Backups.FindAsync(job.Backup, cancellationToken))?.Document;
        Backup? failed = await NewBackups.FailAsync(parts.Catalog, job, failure, parts.Time.GetUtcNow(), cancellationToken);
        if (before is { CopiedFrom: { } from } && before.IsHeldBy(job.Execution, job.Generation))
        {
            await BackupUses.EndAsync(parts.Catalog, from.Backup, job.Execution, cancellationToken);
        }

        if (failed is not null)
        {
            await parts.Events.PublishAsync(
                BackupEvent.Of(
                    EventCode.BackupCopyFailed,
                    failed.StatusSince ?? failed.CreatedAt,
                    $"Backup {failed.CopiedFrom?.Backup} was not copied to {failed.Name}. {failed.StatusReason}",
                    failed.Cache,
                    failed.Name,
                    job.Execution),
                cancellationToken);
            await Uploads.AbortAsync(parts.StoreOf(failed), failed.Id, cancellationToken);
            await ManifestCopies.RemoveUnlessListedAsync(parts, failed, cancellationToken);
        }
    }
}
