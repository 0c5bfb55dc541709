using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Retention;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Removes what jobs left behind that broke off, and what has had its time: data, open uploads, progress and restore reports without a
/// record, events after 14 days, request records after a day, ended executions after a week. One phase, or a part of one, for each call.
/// </summary>
public sealed class PurgeLeftovers(ServiceParts parts)
{
    /// <summary>Request records answer repeated requests for 24 hours.</summary>
    public static readonly TimeSpan RequestsKept = TimeSpan.FromHours(25);

    /// <summary>As long as an execution may run. (AWS keeps its own for 90 days.)</summary>
    public static readonly TimeSpan ExecutionsKept = TimeSpan.FromDays(7);

    private const int MaxRemoved = 5_000;

    private static readonly string[] Phases = ["data", "uploads", "progress", "restores", "restores-progress", "events", "requests", "executions"];

    /// <param name="after">Empty, or what the call before gave: <c>phase:marker</c>.</param>
    public async Task<PurgeProgress> RunAsync(string after, CancellationToken cancellationToken)
    {
        if (await new PurgeClock(parts).PeekAsync(cancellationToken) != ClockVerdict.Steady)
        {
            return new PurgeProgress(after, Done: true, 0);
        }

        string phase = after.Length == 0 ? Phases[0] : after[..after.IndexOf(':', StringComparison.Ordinal)];
        string marker = after.Length == 0 ? string.Empty : after[(phase.Length + 1)..];
        PurgeProgress step = phase switch
        {
            "data" => await DataAsync(marker, cancellationToken),
            "uploads" => Whole(await UploadsAsync(cancellationToken)),
            "progress" => Whole(await ProgressAsync(cancellationToken)),
            "restores" => Whole(await RestoresAsync(CatalogKeys.RestoresRoot, cancellationToken)),
            "restores-progress" => Whole(await RestoresAsync(CatalogKeys.RestoresProgressRoot, cancellationToken)),
            "events" => Whole(await parts.Events.ExpireAsync(parts.Time.GetUtcNow(), cancellationToken)),
            "requests" => Whole(await RequestsAsync(cancellationToken)),
            _ => Whole(await parts.Executions.ForgetEndedAsync(parts.Time.GetUtcNow() - ExecutionsKept, cancellationToken)),
        };
        int number = Math.Max(0, Array.IndexOf(Phases, phase)) + (step.Done ? 1 : 0);
        return number < Phases.Length
            ? new PurgeProgress($"{Phases[number]}:{step.After}", Done: false, step.Removed)
            : new PurgeProgress(string.Empty, Done: true, step.Removed);
    }

    private static PurgeProgress Whole(int removed) => new(string.Empty, Done: true, removed);

    private async Task<PurgeProgress> DataAsync(string after, CancellationToken cancellationToken)
    {
        OrphanedData data = new(parts);
        OrphanPage page = await data.FindAsync(after, cancellationToken);
        int removed = 0;
        foreach (BackupId orphan in page.Orphans)
        {
            try
            {
                removed += await data.RemoveAsync(orphan, cancellationToken);
            }
            catch (ObjectLockedException)
            {
                // Its record was lost, and it is held all the same: the other orphans go, and this one after its date.
            }
        }

        return new PurgeProgress(page.Done ? string.Empty : page.After, page.Done, removed);
    }

    /// <summary>Uploads of backups that are not being made: of none, or of one that ended without them.</summary>
    private async Task<int> UploadsAsync(CancellationToken cancellationToken)
    {
        OrphanedData data = new(parts);
        int removed = 0;
        await foreach (OpenUpload upload in parts.Store.ListUploadsAsync(CatalogKeys.DataRoot, cancellationToken))
        {
            BackupId id = new(OrphanedData.IdIn(upload.Key, CatalogKeys.DataRoot));
            if (await data.HasEndedAsync(id, upload.BegunAt, cancellationToken) && !await IsBeingMadeAsync(id, cancellationToken))
            {
                await parts.Store.AbortUploadAsync(upload.Key, upload.Id, cancellationToken);
                removed++;
            }
        }

        return removed;
    }

    private async Task<bool> IsBeingMadeAsync(BackupId id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is { Status: BackupStatus.Creating };

    private async Task<Backup?> FindAsync(BackupId id, CancellationToken cancellationToken)
    {
        await foreach (ObjectSummary summary in parts.Store.ListAsync(BackupIndex.OfData(id), null, cancellationToken))
        {
            if (BackupIndex.Parse(summary.Key) is { } hint
                && (await parts.Catalog.Backups.FindAsync(hint.Name, cancellationToken))?.Document is { } backup && backup.Id == id)
            {
                return backup;
            }
        }

        return null;
    }

    /// <summary>Progress that was written after its backup was removed. It is small, and nobody's: it is left for longer than any execution runs.</summary>
    private async Task<int> ProgressAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset before = parts.Time.GetUtcNow() - OrphanedData.AgeWithoutNote;
        Dictionary<string, bool> known = new(StringComparer.Ordinal);
        int removed = 0;
        await foreach (ObjectSummary summary in parts.Store.ListAsync(CatalogKeys.BackupsProgressRoot, null, cancellationToken))
        {
            if (summary.WrittenAt >= before)
            {
                continue;
            }

            // LIST is in the order of ids: one is remembered at a time.
            string id = OrphanedData.IdIn(summary.Key, CatalogKeys.BackupsProgressRoot);
            if (!known.TryGetValue(id, out bool claimed))
            {
                known.Clear();
                known[id] = claimed = await FindAsync(new BackupId(id), cancellationToken) is not null;
            }

            if (!claimed)
            {
                await parts.Store.DeleteAsync(summary.Key, cancellationToken);
                removed++;
            }
        }

        return removed;
    }

    /// <summary>Reports and progress of restores into caches that are gone.</summary>
    private async Task<int> RestoresAsync(string root, CancellationToken cancellationToken)
    {
        DateTimeOffset before = parts.Time.GetUtcNow() - OrphanedData.Age;
        int removed = 0;
        string? after = null;
        while (await FirstCacheAsync(root, after, cancellationToken) is { } name)
        {
            if (CacheName.TryParse(name, out CacheName cache) && await parts.Catalog.Caches.FindAsync(cache, cancellationToken) is null)
            {
                await foreach (ObjectSummary summary in parts.Store.ListAsync($"{root}{name}/", null, cancellationToken))
                {
                    if (summary.WrittenAt < before && !await IsRestoringAsync(summary.Key, root, cache, cancellationToken))
                    {
                        await parts.Store.DeleteAsync(summary.Key, cancellationToken);
                        removed++;
                    }
                }
            }

            after = OrphanedData.Behind(root, name);
        }

        return removed;
    }

    private async Task<string?> FirstCacheAsync(string root, string? after, CancellationToken cancellationToken)
    {
        await foreach (ObjectSummary summary in parts.Store.ListAsync(root, after, cancellationToken))
        {
            return OrphanedData.IdIn(summary.Key, root);
        }

        return null;
    }

    private async Task<bool> IsRestoringAsync(ObjectKey key, string root, CacheName cache, CancellationToken cancellationToken)
    {
        string generation = OrphanedData.IdIn(key, $"{root}{cache}/");
        return await parts.Executions.DescribeAsync(parts.Executions.IdOf(StateMachines.Restore, $"{cache}-{generation}"), cancellationToken)
            is { Status: ExecutionStatus.Running };
    }

    private async Task<int> RequestsAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset before = parts.Time.GetUtcNow() - RequestsKept;
        int removed = 0;
        await foreach (ObjectSummary summary in parts.Store.ListAsync(CatalogKeys.Requests, null, cancellationToken))
        {
            if (summary.WrittenAt < before && removed < MaxRemoved)
            {
                await parts.Store.DeleteAsync(summary.Key, cancellationToken);
                removed++;
            }
        }

        return removed;
    }
}
