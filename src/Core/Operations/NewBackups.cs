using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Names of backups that are to be taken.</summary>
internal static class NewBackups
{
    /// <summary>Creates the record; takes the name of a backup that failed over, as a new generation with data of its own.</summary>
    /// <exception cref="CatalogConflictException">The name is taken.</exception>
    public static async Task<Backup> ReserveAsync(
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
        Backup reserved = await parts.Catalog.Backups.TryCreateAsync(request.Name, fresh, cancellationToken)
            ? fresh
            : await parts.Catalog.Backups.ChangeAsync(
                request.Name,
                current =>
                {
                    RefuseTaken(current);
                    return fresh with { Unknown = current.Unknown };
                },
                cancellationToken);
        await DataOwners.WriteAsync(parts.Store, fresh.Id, job, cancellationToken);
        await parts.Events.PublishAsync(
            BackupEvent.Of(EventCode.BackupCreating, now, $"Backup {job.Backup} of cache {job.Cache} has begun.", job.Cache, job.Backup, job.Execution),
            cancellationToken);
        return reserved;
    }

    /// <exception cref="CatalogConflictException">The name is taken.</exception>
    public static void RefuseTaken(Backup? existing)
    {
        if (existing is not null && existing.Status != BackupStatus.Failed)
        {
            throw new CatalogConflictException(
                $"There is a backup named {existing.Name} already ({Text.Of(existing.Status)}). Choose another name, or delete it first.");
        }
    }
}
