using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Names of new backups, and their end where they come to none.</summary>
internal static class NewBackups
{
    /// <summary>Creates the record; takes the name of a backup that failed.</summary>
    /// <exception cref="CatalogConflictException">There is a backup of that name.</exception>
    public static async Task ReserveAsync(BackupCatalog catalog, Backup fresh, CancellationToken cancellationToken)
    {
        if (!await catalog.Backups.TryCreateAsync(fresh.Name, fresh, cancellationToken))
        {
            await catalog.Backups.ChangeAsync(
                fresh.Name,
                current =>
                {
                    RefuseTaken(current);
                    return fresh with { Unknown = current.Unknown };
                },
                cancellationToken);
        }
    }

    /// <exception cref="CatalogConflictException">A backup holds the name.</exception>
    public static void RefuseTaken(Backup? existing)
    {
        if (existing is not null && existing.Status != BackupStatus.Failed)
        {
            throw new CatalogConflictException(
                $"There is a backup named {existing.Name} already ({Text.Of(existing.Status)}). Choose another name, or delete it first.");
        }
    }

    /// <summary>Marks a backup as failed that is still this job's to make.</summary>
    /// <returns>The failed record; null: it is published, somebody else's, or gone.</returns>
    public static async Task<Backup?> FailAsync(
        BackupCatalog catalog, NewBackupJob job, FailureCause failure, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            Backup backup = await catalog.Backups.ChangeAsync(
                job.Backup,
                current => current.Status == BackupStatus.Creating && current.IsHeldBy(job.Execution, job.Generation)
                    ? current.To(BackupStatus.Failed, now) with { StatusReason = failure.ToReason() }
                    : current,
                cancellationToken);
            return backup.Status == BackupStatus.Failed && backup.IsHeldBy(job.Execution, job.Generation) ? backup : null;
        }
        catch (NotFoundException)
        {
            return null;
        }
    }
}
