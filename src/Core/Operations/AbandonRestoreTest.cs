using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Ends a restore test that did not come to its end: notes on the backup why, lets it go, and removes the throw-away cache. A backup that
/// was proven before the removal failed stays proven. It may be called any number of times, at any moment.
/// </summary>
public sealed class AbandonRestoreTest(ServiceParts parts)
{
    public async Task RunAsync(RestoreJob job, FailureCause failure, CancellationToken cancellationToken)
    {
        await NoteAsync(job, failure, cancellationToken);
        Cache? cache = (await parts.Catalog.Caches.FindAsync(job.Cache, cancellationToken))?.Document;
        if (cache?.IsHeldBy(job.Execution, job.Generation) == true)
        {
            RemoveCache remove = new(parts);
            CacheJob removal = new(job.Execution, job.Cache, job.Generation);
            await remove.RemoveServerAsync(removal, cancellationToken);
            await remove.RemoveRecordAsync(removal, cancellationToken);
        }
    }

    private async Task NoteAsync(RestoreJob job, FailureCause failure, CancellationToken cancellationToken)
    {
        Backup? backup = (await parts.Catalog.Backups.FindAsync(job.Backup, cancellationToken))?.Document;
        if (backup is null || !backup.Uses.Any(use => use.Execution == job.Execution))
        {
            return;
        }

        BackupProofFailure noted = new(parts.Time.GetUtcNow(), job.Execution, failure.ToReason());

        // Told first: once the backup is let go, a repeated call would not know that this execution ever had it.
        await parts.Events.PublishAsync(
            BackupEvent.Of(
                EventCode.BackupProofFailed,
                noted.At,
                $"Backup {backup.Name} was not proven by a restore test: {noted.Reason}",
                backup.Cache,
                backup.Name,
                job.Execution),
            cancellationToken);
        await parts.Catalog.Backups.ChangeAsync(
            job.Backup,
            current => current.Uses.Any(use => use.Execution == job.Execution)
                ? current with { ProofFailure = noted, Uses = [.. current.Uses.Where(use => use.Execution != job.Execution)] }
                : current,
            cancellationToken);
    }
}
