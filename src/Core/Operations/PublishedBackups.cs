using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>The last write of a job that makes a backup.</summary>
internal static class PublishedBackups
{
    /// <summary>Writes the manifest's copy beside the data, then makes the backup available. May be repeated.</summary>
    /// <param name="complete">Adds what is known at the end; the status is not its business.</param>
    /// <exception cref="NoLongerOwnerException">The backup belongs to another execution, or was abandoned.</exception>
    public static async Task<Backup> PublishAsync(
        ServiceParts parts, NewBackupJob job, Backup backup, Func<Backup, Backup> complete, CancellationToken cancellationToken)
    {
        DateTimeOffset now = parts.Time.GetUtcNow();
        BackupLock? held = backup.Location is null ? parts.Lock : null;
        DateTimeOffset? until = held?.UntilFor(backup, now);
        Backup Published(Backup current) =>
            complete(current.To(BackupStatus.Available, now) with { CompletedAt = now, StatusReason = null, LockedUntil = until });

        // Locked before it is published: what the catalog says to be locked is.
        if (held is not null && until is { } date)
        {
            await held.HoldAsync(Published(backup), date, cancellationToken);
        }

        // The copy beside the data is written first: whatever the catalog lists can be rebuilt from the data alone.
        await ManifestCopies.WriteAsync(parts, Published(backup), cancellationToken);

        // Publish last: until this write the backup does not exist.
        Backup published;
        try
        {
            published = await parts.Catalog.Backups.ChangeAsync(
                job.Backup,
                current =>
                {
                    if (current.Status == BackupStatus.Available && current.IsHeldBy(job.Execution, job.Generation))
                    {
                        return current;
                    }

                    Ownership.Check(current, job.Execution, job.Generation);
                    return Published(current);
                },
                cancellationToken);
        }
        catch (Exception e) when (e is NoLongerOwnerException or NotFoundException)
        {
            await ManifestCopies.RemoveUnlessListedAsync(parts, backup, cancellationToken);
            throw;
        }

        // As it was published: tags may have been added since the copy was written.
        await ManifestCopies.WriteAsync(parts, published, cancellationToken);
        if (held is not null && published.LockedUntil is { } last)
        {
            // After the last point at which it could have to be taken back.
            await held.HoldManifestAsync(CatalogKeys.ManifestCopy(published.Id), last, cancellationToken);
        }

        return published;
    }
}
