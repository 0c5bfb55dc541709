using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Retention;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Carries retention out: decides for each cache that has automatic backups, and starts the deletion of those that go. Backups are found by
/// the keys of their documents, which are the truth, not by an index.
/// </summary>
public sealed class PurgeBackups(ServiceParts parts)
{
    /// <summary>Caches that one call looks at.</summary>
    public const int MaxCaches = 50;

    /// <param name="after">Empty, or what the call before gave: the last cache's name.</param>
    public async Task<PurgeProgress> RunAsync(string after, CancellationToken cancellationToken)
    {
        if (await new PurgeClock(parts).PeekAsync(cancellationToken) != ClockVerdict.Steady)
        {
            return new PurgeProgress(after, Done: true, 0);
        }

        SortedSet<string> caches = await CachesAsync(after, cancellationToken);
        ProofAge proofs = new(parts);
        int removed = 0;
        foreach (string cache in caches)
        {
            removed += await PurgeAsync(CacheName.Parse(cache), proofs, cancellationToken);
        }

        // Of each call its own: what counts is the largest of a day.
        proofs.Record();
        return new PurgeProgress(caches.Max ?? after, caches.Count < MaxCaches, removed);
    }

    /// <summary>What the purge would do now, and why; changes nothing.</summary>
    /// <exception cref="NotFoundException">There is no such cache, and no automatic backup of one.</exception>
    public async Task<RetentionPreview> PreviewAsync(CacheName name, CancellationToken cancellationToken)
    {
        ClockVerdict clock = await new PurgeClock(parts).PeekAsync(cancellationToken);
        Cache? cache = (await parts.Catalog.Caches.FindAsync(name, cancellationToken))?.Document;
        IReadOnlyList<Backup> backups = await BackupsAsync(name, cancellationToken);
        return cache is null && backups.Count == 0
            ? throw new NotFoundException($"There is no cache named {name}, and no automatic backup of one.")
            : new RetentionPreview(name, clock, await DecideAsync(name, cache, backups, clock, cancellationToken));
    }

    private async Task<IReadOnlyList<RetentionDecision>> DecideAsync(
        CacheName name, Cache? cache, IReadOnlyList<Backup> backups, ClockVerdict clock, CancellationToken cancellationToken) =>
        cache is null && await parts.Store.HeadAsync(CatalogKeys.RemovedCache(name), cancellationToken) is null
            ? [.. backups.Select(b => new RetentionDecision(b, true, RetentionReason.CacheUnknown))]
            : RetentionRules.Decide(backups, PolicyOf(cache), parts.Time.GetUtcNow(), clock);

    private async Task<int> PurgeAsync(CacheName name, ProofAge proofs, CancellationToken cancellationToken)
    {
        int removed = 0;
        try
        {
            RetentionPreview preview = await PreviewAsync(name, cancellationToken);
            await proofs.SeeAsync(name, preview.Decisions.Select(d => d.Backup), cancellationToken);
            Backup? newest = preview.Decisions.LastOrDefault(d => d is { Keep: true, Backup.Status: BackupStatus.Available })?.Backup;
            foreach (RetentionDecision decision in preview.Decisions.Where(d => !d.Keep))
            {
                // What stands for the others may have been found damaged since it was decided so.
                if (newest is not null
                    && (await parts.Catalog.Backups.FindAsync(newest.Name, cancellationToken))?.Document.Status != BackupStatus.Available)
                {
                    return removed;
                }

                removed += await RemoveAsync(decision, cancellationToken) ? 1 : 0;
            }
        }
        catch (Exception e) when (e is CatalogUnreadableException or NotFoundException)
        {
            // A cache of which one document cannot be read keeps all its backups; the others' are seen to.
        }

        return removed;
    }

    private async Task<bool> RemoveAsync(RetentionDecision decision, CancellationToken cancellationToken)
    {
        Backup backup = decision.Backup;
        try
        {
            await new DeleteBackup(parts).RunAsync(backup.Name, cancellationToken);
        }
        catch (Exception e) when (e is CatalogConflictException or NotFoundException)
        {
            // Somebody uses it since, or was first to delete it: the next purge decides anew.
            return false;
        }

        string why = decision.Reason == RetentionReason.CacheRemoved ? $"cache {backup.Cache} was removed" : $"it was kept until {backup.ExpiresAt:u}";
        await parts.Events.PublishAsync(
            BackupEvent.Of(
                EventCode.BackupExpired,
                parts.Time.GetUtcNow(),
                $"Automatic backup {backup.Name} is removed: {why}.",
                backup.Cache,
                backup.Name,
                backup.Execution),
            cancellationToken);
        return true;
    }

    /// <summary>The first caches behind <paramref name="after"/> that have automatic backups. Memory: their names alone.</summary>
    private async Task<SortedSet<string>> CachesAsync(string after, CancellationToken cancellationToken)
    {
        SortedSet<string> caches = new(StringComparer.Ordinal);
        await foreach (ObjectSummary summary in parts.Store.ListAsync(CatalogKeys.AllAutomaticBackups, null, cancellationToken))
        {
            if (CatalogKeys.ParseBackup(summary.Key)?.AutomaticCache is { } cache && string.CompareOrdinal(cache.Value, after) > 0)
            {
                caches.Add(cache.Value);
                if (caches.Count > MaxCaches)
                {
                    caches.Remove(caches.Max!);
                }
            }
        }

        return caches;
    }

    private async Task<IReadOnlyList<Backup>> BackupsAsync(CacheName cache, CancellationToken cancellationToken)
    {
        List<Backup> backups = [];
        await foreach (ObjectSummary summary in parts.Store.ListAsync(CatalogKeys.AutomaticBackups(cache), null, cancellationToken))
        {
            if (CatalogKeys.ParseBackup(summary.Key) is { } name && name.AutomaticCache == cache
                && (await parts.Catalog.Backups.FindAsync(name, cancellationToken))?.Document is { } backup)
            {
                backups.Add(backup);
            }
        }

        return backups;
    }

    private static RetentionPolicy? PolicyOf(Cache? cache) =>
        cache is null ? null : cache.AutomaticBackups?.ToPolicy() ?? new RetentionPolicy { RetentionDays = 0 };
}
