using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Ends a backup that did not come to its end: marks the record, gives its open uploads and what slices left up, gives the cache back; of a native backup what
/// it left in ElastiCache and in the exchange bucket. Removes no bytes of ours. What is not this execution's is left alone (a cache that is being removed is given back by <see cref="RemoveCache"/>), so it may be called any number of times, at any moment.
/// </summary>
public sealed class AbandonBackup(ServiceParts parts)
{
    /// <summary>How long the caller should allow for it where its own time is up.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    public async Task RunAsync(BackupJob job, FailureCause failure, CancellationToken cancellationToken)
    {
        Backup? backup = await FailAsync(job, failure, cancellationToken);
        if (backup is not null)
        {
            await Uploads.AbortAsync(parts.Store, backup.Id, cancellationToken);
            await SliceLeftovers.RemoveAsync(parts.Store, backup.Id, cancellationToken);
            await ManifestCopies.RemoveUnlessListedAsync(parts, backup, cancellationToken);
            await parts.Events.PublishAsync(
                BackupEvent.Of(
                    EventCode.BackupFailed,
                    backup.StatusSince ?? backup.CreatedAt,
                    $"Backup {backup.Name} of cache {backup.Cache} failed. {backup.StatusReason}",
                    backup.Cache,
                    backup.Name,
                    backup.Execution),
                cancellationToken);
        }

        await CacheLease.ReleaseAfterBackupAsync(parts.Catalog, job, [], cancellationToken);
        await RemoveNativeAsync(job, cancellationToken);
    }

    /// <summary>Last, and nothing that ElastiCache says to it holds the caller up: what it does not give up now is the purge's.</summary>
    private async Task RemoveNativeAsync(BackupJob job, CancellationToken cancellationToken)
    {
        Backup? backup = (await parts.Catalog.Backups.FindAsync(job.Backup, cancellationToken))?.Document;
        if (backup is not { NativeSnapshot: not null } || !IsOf(backup, job))
        {
            return;
        }

        try
        {
            await new NativeLeftovers(parts).RemoveAsync(backup, cancellationToken);
        }
        catch (Exception e) when (e is TransientException or PermanentException)
        {
            // The backup's record names what is left.
        }
    }

    private async Task<Backup?> FailAsync(BackupJob job, FailureCause failure, CancellationToken cancellationToken)
    {
        DateTimeOffset now = parts.Time.GetUtcNow();
        try
        {
            Backup backup = await parts.Catalog.Backups.ChangeAsync(
                job.Backup,
                current => current.Status == BackupStatus.Creating && IsOf(current, job)
                    ? current.To(BackupStatus.Failed, now) with { StatusReason = failure.ToReason() }
                    : current,
                cancellationToken);
            return backup.Status == BackupStatus.Failed && IsOf(backup, job) ? backup : null;
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    // Requests for one name that race from two caches may come to the same generation, and so to the same name of an execution: only one
    // of them got the backup's name, and a cache's generation is its own.
    private static bool IsOf(Backup backup, BackupJob job) => backup.IsHeldBy(job.Execution, job.Generation) && backup.Cache == job.Cache;
}
