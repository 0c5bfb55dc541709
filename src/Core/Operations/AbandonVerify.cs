using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Ends a verification that did not come to its end: the backup is let go as it was, neither good nor damaged. It may be called any number
/// of times, at any moment.
/// </summary>
public sealed class AbandonVerify(ServiceParts parts)
{
    public async Task RunAsync(VerifyJob job, FailureCause failure, CancellationToken cancellationToken)
    {
        Backup? backup = (await parts.Catalog.Backups.FindAsync(job.Backup, cancellationToken))?.Document;
        if (backup is null)
        {
            return;
        }

        if (backup.Verification?.Execution == job.Execution)
        {
            // The verdict stands in the record; what broke off is the telling of it.
            await VerificationRecord.TellAsync(parts, backup, cancellationToken);
            await VerifyReports.RemoveAsync(parts.Store, backup.Id, job, cancellationToken);
            return;
        }

        if (VerifyRecords.IsUsedBy(backup, job.Execution))
        {
            // Told first: once the backup is let go, a repeated call would not know that this execution ever had it.
            await parts.Events.PublishAsync(
                BackupEvent.Of(
                    EventCode.BackupVerifyFailed,
                    parts.Time.GetUtcNow(),
                    $"Backup {job.Backup} could not be verified, so nothing new is known of it: {failure.ToReason()}",
                    backup.Cache,
                    job.Backup,
                    job.Execution),
                cancellationToken);
            await BackupUses.EndAsync(parts.Catalog, job.Backup, job.Execution, cancellationToken);
        }

        await VerifyReports.RemoveAsync(parts.Store, backup.Id, job, cancellationToken);
    }
}
