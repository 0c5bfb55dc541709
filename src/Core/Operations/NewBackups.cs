using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Names of new backups, and their end where they come to none.</summary>
internal static class NewBackups
{
    /// <summary>Reserves the name of a backup that is to be taken from a cache, and tells of it.</summary>
    /// <exception cref="CatalogConflictException">The name is taken.</exception>
    public static async Task<Backup> BeginAsync(
        ServiceParts parts, StartBackupRequest request, Cache cache, BackupJob job, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Backup fresh = new()
        {
            Name = request.Name,
            Id = new BackupId(parts.Ids.Next()),
            Kind = request.Kind,
            Status = BackupStatus.Creating,
            Cache = request.Cache,
            Execution = job.Execution,
            Generation = job.Generation,
            CreatedAt = now,
            WindowStart = request.WindowStart,
            ExpiresAt = request.Kind == BackupKind.Automatic ? now.AddDays(cache.AutomaticBackups?.RetentionDays ?? 0) : null,
            Tags = request.Tags ?? cache.Tags,
        };
        Backup reserved = await ReserveAsync(parts, fresh, cancellationToken);
        await parts.Events.PublishAsync(
            BackupEvent.Of(EventCode.BackupCreating, now, $"Backup {job.Backup} of cache {job.Cache} has begun.", job.Cache, job.Backup, job.Execution),
            cancellationToken);
        return reserved;
    }

    /// <summary>Creates the record; takes the name of a backup that failed over, as a new generation with data of its own.</summary>
    /// <exception cref="CatalogConflictException">There is a backup of that name.</exception>
    public static async Task<Backup> ReserveAsync(ServiceParts parts, Backup fresh, CancellationToken cancellationToken)
    {
        Backup reserved = await parts.Catalog.Backups.TryCreateAsync(fresh.Name, fresh, cancellationToken)
            ? fresh
            : await parts.Catalog.Backups.ChangeAsync(
                fresh.Name,
                current =>
                {
                    RefuseTaken(current);
                    return fresh with { Unknown = current.Unknown };
                },
                cancellationToken);

        // After the record, before the execution: no crash leaves a note that no record claims.
        if (fresh.Location is null)
        {
            BackupJob owner = new(fresh.Execution, fresh.Name, fresh.Cache, fresh.Generation);
            await DataOwners.WriteAsync(parts.Store, fresh.Id, owner, cancellationToken);
        }

        return reserved;
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
