using CacheBackup.Core.Model;
using CacheBackup.Core.Retention;

namespace CacheBackup.Core.Operations;

/// <summary>Changes a cache's automatic backups. At once, and without touching the cache itself.</summary>
public sealed class ModifyCache(ServiceParts parts)
{
    /// <exception cref="NotFoundException">No such cache.</exception>
    /// <exception cref="CatalogConflictException">A job holds the cache, or it is being removed.</exception>
    /// <exception cref="InvalidRequestException">A number is outside its range.</exception>
    public async Task<Cache> RunAsync(CacheName name, ModifyCacheRequest request, CancellationToken cancellationToken)
    {
        DateTimeOffset now = parts.Time.GetUtcNow();
        Cache modified = await parts.Catalog.Caches.ChangeAsync(
            name,
            cache =>
            {
                if (cache.Operation is { } held)
                {
                    throw new CatalogConflictException(CacheLease.Busy(name, held));
                }

                return cache.Status is CacheStatus.Available
                    ? cache with { AutomaticBackups = Change(cache, request, now) }
                    : throw new CatalogConflictException($"Cache {name} is {Text.Of(cache.Status)}, not available; it cannot be modified.");
            },
            cancellationToken);
        AutomaticBackups settings = modified.AutomaticBackups!;
        string message = settings.RetentionDays > 0
            ? $"Automatic backups of cache {name}: daily in {settings.Window} UTC, kept {settings.RetentionDays} days."
            : $"Automatic backups of cache {name} are off; those there expire by their dates.";
        await parts.Events.PublishAsync(
            BackupEvent.Of(EventCode.CacheModified, now, message, name, null, null, part: $"{modified.Revision}"), cancellationToken);
        return modified;
    }

    private static AutomaticBackups Change(Cache cache, ModifyCacheRequest request, DateTimeOffset now)
    {
        AutomaticBackups? before = cache.AutomaticBackups;
        RetentionPolicy policy = new()
        {
            RetentionDays = request.RetentionDays ?? before?.RetentionDays
                ?? throw new InvalidRequestException("retentionDays is required the first time: 1 to 35 days, or 0 for no automatic backups."),
            Keep = request.Keep ?? before?.Keep,
        };
        BackupWindow? window = request.Window ?? (before is { WindowAssigned: false } ? before.Window : null);
        AutomaticBackups after = AutomaticBackups.Of(cache.Name, policy, window, now);

        // Another window does not make up for one that was missed; having no automatic backups does.
        after = after with { BehindSince = after.NextWindow is null ? null : before?.BehindSince };

        // A schedule that goes on stands where it stood: nothing is taken twice, and no window is forgotten.
        return after.Window == before?.Window && after.NextWindow is not null && before.NextWindow is { } next
            ? after with { NextWindow = next }
            : after;
    }
}
