using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>
/// The purge's first work: abandons records in a passing state whose execution is gone, takes deletions up again that broke off, and puts
/// schedules in order that a lost index key or a clock set back would keep from ever being due.
/// </summary>
public sealed class MendRecords(ServiceParts parts)
{
    // Windows are a day apart: a schedule that stands further ahead was written by a clock that was ahead.
    private static readonly TimeSpan FurthestWindow = TimeSpan.FromHours(36);

    /// <returns>How many records were put in order.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        int mended = await new RecoverOperations(parts, RecoverOperations.LongestStart).RunAsync(_ => { }, cancellationToken);
        mended += await FinishDeletionsAsync(cancellationToken);
        mended += await RemoveNativeLeftoversAsync(cancellationToken);
        await foreach (Cache cache in parts.Catalog.Caches.ListAsync(CatalogKeys.Caches, null, _ => { }, cancellationToken))
        {
            try
            {
                mended += await MendScheduleAsync(cache, cancellationToken) ? 1 : 0;
            }
            catch (NotFoundException)
            {
                // Removed meanwhile, and its schedule with it.
            }
        }

        return mended;
    }

    /// <summary>
    /// Snapshots of failed backups that ElastiCache was still at work on when they were abandoned, and those of published ones that it did
    /// not delete: final backups, and the backups of caches that are there.
    /// </summary>
    private async Task<int> RemoveNativeLeftoversAsync(CancellationToken cancellationToken)
    {
        List<string> lists = [BackupIndex.OfStatus(Text.Of(BackupStatus.Failed)), BackupIndex.OfKind(BackupKind.Final)];
        await foreach (Cache cache in parts.Catalog.Caches.ListAsync(CatalogKeys.Caches, null, _ => { }, cancellationToken))
        {
            if (cache.Managed is not null || ManagedRemoval.Goes(parts, cache))
            {
                lists.Add(BackupIndex.OfCache(cache.Name));
            }
        }

        Dictionary<BackupId, Backup> found = [];
        foreach (string list in lists)
        {
            await foreach (Backup backup in parts.Catalog.Listing.AllAsync(list, _ => { }, cancellationToken))
            {
                // A published backup has a reason only where its snapshot did not go.
                bool isLeft = backup is { Status: BackupStatus.Failed } or { Status: BackupStatus.Available, StatusReason: not null };
                if (isLeft && backup.NativeSnapshot is not null && parts.Executions.Knows(backup.Execution))
                {
                    found[backup.Id] = backup;
                }
            }
        }

        int removed = 0;
        foreach (Backup backup in found.Values)
        {
            try
            {
                removed += await new NativeLeftovers(parts).RemoveAsync(backup, cancellationToken) ? 1 : 0;
            }
            catch (Exception e) when (e is TransientException or PermanentException)
            {
                // ElastiCache does not answer, or refuses: the next purge asks again, and the other records are put in order now.
            }
        }

        return removed;
    }

    private async Task<int> FinishDeletionsAsync(CancellationToken cancellationToken)
    {
        int taken = 0;
        List<Backup> brokenOff = [];
        await foreach (Backup backup in parts.Catalog.Listing.AllAsync(
            BackupIndex.OfStatus(Text.Of(BackupStatus.Deleting)), _ => { }, cancellationToken))
        {
            // A reason stands there only where the deletion was abandoned.
            if (backup is { StatusReason: not null, Uses: [] } && parts.Executions.Knows(backup.Execution))
            {
                brokenOff.Add(backup);
            }
        }

        foreach (Backup backup in brokenOff)
        {
            try
            {
                await new DeleteBackup(parts).RunAsync(backup.Name, cancellationToken);
                taken++;
            }
            catch (Exception e) when (e is CatalogConflictException or NotFoundException)
            {
                // Somebody else deletes it.
            }
        }

        return taken;
    }

    private async Task<bool> MendScheduleAsync(Cache cache, CancellationToken cancellationToken)
    {
        if (cache.AutomaticBackups is not { NextWindow: { } window } settings)
        {
            return false;
        }

        DateTimeOffset now = parts.Time.GetUtcNow();
        if (window - now > FurthestWindow)
        {
            await parts.Catalog.Caches.ChangeAsync(
                cache.Name,
                current => current.AutomaticBackups is { } written && written.NextWindow == window
                    ? current with { AutomaticBackups = written with { NextWindow = settings.Window.CurrentOrNext(now) } }
                    : current,
                cancellationToken);
            return true;
        }

        if (await parts.Store.HeadAsync(CatalogKeys.DueTime(window, cache.Name), cancellationToken) is not null
            && (settings.BehindSince is not { } since
                || await parts.Store.HeadAsync(CatalogKeys.BehindTime(since, cache.Name), cancellationToken) is not null))
        {
            return false;
        }

        await parts.Catalog.Caches.IndexAsync(cache, cancellationToken);
        return true;
    }
}
