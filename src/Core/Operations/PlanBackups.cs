using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Retention;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// One tick of the schedule: one LIST of due times up to now, and only the caches that are due are read. Starts what is due and free,
/// longest due first; tells once of every window that passed without a backup. Two ticks at once start nothing twice: a cache's operation
/// and the window's name are taken by compare-and-set. Afterwards it sees to the week's sweep of verifications.
/// </summary>
public sealed class PlanBackups(ServiceParts parts)
{
    /// <summary>Caches that one tick looks at.</summary>
    public const int MaxDue = 1000;

    private static readonly TimeSpan LongestWrite = TimeSpan.FromHours(1);

    // After a long pause the windows of a month are told of at once, the rest at the next ticks.
    private const int MaxWindows = 31;

    public async Task<ScheduleReport> RunAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = parts.Time.GetUtcNow();
        BackupLateness lateness = new(parts, now);
        List<Cache> ready = [];
        int due = 0;
        int running = 0;
        int missed = 0;
        int unreadable = 0;
        await foreach ((CacheName name, DateTimeOffset at) in DueAsync(now, lateness, cancellationToken))
        {
            due++;
            try
            {
                ScheduledCache? settled = await SettleAsync(name, now, lateness, cancellationToken);
                await MendAsync(name, at, settled?.Cache, now, cancellationToken);
                missed += settled?.Missed ?? 0;
                running += settled?.Cache.Operation is { Kind: OperationKind.Backup, Backup.IsAutomatic: true } ? 1 : 0;
                if (settled is { Step: ScheduleStep.Start })
                {
                    ready.Add(settled.Cache);
                }
            }
            catch (PermanentException)
            {
                // One damaged document must not keep the others' backups from being taken; the tick says how many there are. Its window's
                // length is not known: it counts as behind from the beginning.
                unreadable++;
                lateness.Note(at);
            }
        }

        int started = 0;
        foreach (Cache cache in ready.Take(Math.Max(0, parts.MaxRunning - running)))
        {
            started += await StartAsync(cache, cancellationToken) ? 1 : 0;
        }

        await lateness.RecordAsync(cancellationToken);

        // The tick is also what keeps the week's reading back going; it costs one GET.
        await new StartVerifySweep(parts).RunAsync(parts.VerifySharePercent, cancellationToken);
        return new ScheduleReport(due, started, running, ready.Count - started, missed, unreadable);
    }

    /// <summary>A key that no record stands behind would be looked at by every tick. Young ones may be of a record that is being written.</summary>
    private async Task MendAsync(CacheName name, DateTimeOffset at, Cache? cache, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (at < now - LongestWrite && cache?.AutomaticBackups?.NextWindow != at)
        {
            await parts.Store.DeleteAsync(CatalogKeys.DueTime(at, name), cancellationToken);
        }
    }

    private async IAsyncEnumerable<(CacheName Cache, DateTimeOffset At)> DueAsync(
        DateTimeOffset now, BackupLateness lateness, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int count = 0;
        await foreach (ObjectSummary summary in parts.Store.ListAsync(CatalogKeys.DueTimes, null, cancellationToken))
        {
            if (CatalogKeys.ParseDueTime(summary.Key) is not { } due)
            {
                lateness.Listed(summary);
                continue;
            }

            if (due.At > now || count++ == MaxDue)
            {
                yield break;
            }

            yield return (due.Cache, due.At);
        }
    }

    /// <summary>Goes through the windows that have their backup, or passed without one, up to the one to see to; null: there is no such cache.</summary>
    private async Task<ScheduledCache?> SettleAsync(
        CacheName name, DateTimeOffset now, BackupLateness lateness, CancellationToken cancellationToken)
    {
        Cache? cache = (await parts.Catalog.Caches.FindAsync(name, cancellationToken))?.Document;
        if (cache is not null && await new RecoverOperations(parts, RecoverOperations.LongestStart).RecoverAsync(cache, cancellationToken) > 0)
        {
            cache = (await parts.Catalog.Caches.FindAsync(name, cancellationToken))?.Document;
        }

        int missed = 0;
        for (int windows = 0; windows < MaxWindows && cache?.AutomaticBackups?.NextWindow is { } window; windows++)
        {
            Backup? backup = (await parts.Catalog.Backups.FindAsync(BackupName.Automatic(name, window), cancellationToken))?.Document;
            ScheduleStep step = SchedulePlan.StepFor(cache, backup, now);
            DateTimeOffset end = window + cache.AutomaticBackups.Window.Length;
            if (step is ScheduleStep.Wait or ScheduleStep.Start)
            {
                if (now >= window)
                {
                    lateness.Note(end);
                }

                return new ScheduledCache(cache, step, missed);
            }

            if (step == ScheduleStep.Missed)
            {
                // Before the schedule goes on: a crash in between tells it again, under the same id.
                await TellMissedAsync(cache, window, backup, cancellationToken);
                missed++;
                lateness.Note(cache.AutomaticBackups.BehindSince ?? end);
            }

            cache = await AdvanceAsync(name, window, step, cancellationToken);
        }

        return cache is null ? null : new ScheduledCache(cache, ScheduleStep.Wait, missed);
    }

    private Task TellMissedAsync(Cache cache, DateTimeOffset window, Backup? backup, CancellationToken cancellationToken)
    {
        DateTimeOffset end = window + cache.AutomaticBackups!.Window.Length;
        string why = backup is null
            ? "No backup was begun: the service did not run, or another job held the cache."
            : $"The last attempt failed. {backup.StatusReason}";
        string message = $"The backup window of cache {cache.Name} from {window:u} to {end:u} passed without a backup. {why} "
            + "The next window is tried by itself; take a manual backup if you cannot wait for it.";
        return parts.Events.PublishAsync(
            BackupEvent.Of(EventCode.BackupMissed, end, message, cache.Name, BackupName.Automatic(cache.Name, window), null), cancellationToken);
    }

    /// <summary>Goes on to the next window, unless somebody else has, or has changed the settings; null: the cache is gone.</summary>
    private async Task<Cache?> AdvanceAsync(CacheName name, DateTimeOffset window, ScheduleStep step, CancellationToken cancellationToken)
    {
        try
        {
            return await parts.Catalog.Caches.ChangeAsync(
                name,
                cache => cache.AutomaticBackups is { } settings && settings.NextWindow == window
                    ? cache with { AutomaticBackups = Advanced(settings, window, step) }
                    : cache,
                cancellationToken);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    private static AutomaticBackups Advanced(AutomaticBackups settings, DateTimeOffset window, ScheduleStep step) => settings with
    {
        NextWindow = settings.Window.StartAfter(window),
        BehindSince = step switch
        {
            ScheduleStep.Served => null,
            ScheduleStep.Missed => settings.BehindSince ?? window + settings.Window.Length,
            _ => settings.BehindSince,
        },
    };

    private async Task<bool> StartAsync(Cache cache, CancellationToken cancellationToken)
    {
        DateTimeOffset window = cache.AutomaticBackups!.NextWindow!.Value;
        StartBackupRequest request = new(BackupName.Automatic(cache.Name, window), cache.Name, BackupKind.Automatic) { WindowStart = window };
        try
        {
            await new StartBackup(parts).RunAsync(request, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is CatalogConflictException or NotFoundException)
        {
            // Another tick was first, or somebody took or removed the cache: the next tick sees what is there.
            return false;
        }
        catch (PermanentException)
        {
            // Told with its reason by the failed backup, and tried again by the next tick: it must not keep the others from being taken.
            return false;
        }
    }

    private sealed record ScheduledCache(Cache Cache, ScheduleStep Step, int Missed);
}
