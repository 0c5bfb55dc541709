using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Ends an import that did not come to its end: marks its record and gives its open uploads up. A backup that is published stays. It may be
/// called any number of times, at any moment.
/// </summary>
public sealed class AbandonImport(ServiceParts parts)
{
    public async Task RunAsync(NewBackupJob job, FailureCause failure, CancellationToken cancellationToken)
    {
        Backup? failed = await NewBackups.FailAsync(parts.Catalog, job, failure, parts.Time.GetUtcNow(), cancellationToken);
        if (failed is null)
        {
            return;
        }

        await Uploads.AbortAsync(parts.Store, failed.Id, cancellationToken);
        await ManifestCopies.RemoveUnlessListedAsync(parts, failed, cancellationToken);
        await parts.Events.PublishAsync(
            BackupEvent.Of(
                EventCode.BackupImportFailed,
                failed.StatusSince ?? failed.CreatedAt,
                $"Backup {failed.Name} was not imported. {failed.StatusReason}",
                failed.Cache,
                failed.Name,
                job.Execution),
            cancellationToken);
    }
}
