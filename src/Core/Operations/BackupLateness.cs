using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// How far the cache that is most behind is behind its policy, found by the same LIST that finds what is due: caches whose windows passed
/// without a backup stand at its beginning, the one that is behind for longest first.
/// </summary>
internal sealed class BackupLateness(ServiceParts parts, DateTimeOffset now)
{
    // Stale keys are few: a write that was cut off left them.
    private const int MaxKeys = 100;

    // A key is written before its document: a young one may be of a write that is under way.
    private static readonly TimeSpan LongestWrite = TimeSpan.FromHours(1);

    private readonly List<ObjectSummary> _keys = [];
    private TimeSpan _worst = TimeSpan.Zero;

    /// <summary>A window that ended then has no good backup yet.</summary>
    public void Note(DateTimeOffset windowEnd) => _worst = now - windowEnd > _worst ? now - windowEnd : _worst;

    /// <summary>A key of the LIST; one that tells of no cache that is behind is none of ours.</summary>
    public void Listed(ObjectSummary key)
    {
        if (_keys.Count < MaxKeys && CatalogKeys.ParseBehindTime(key.Key) is not null)
        {
            _keys.Add(key);
        }
    }

    /// <summary>Records the metric; 0 where none is behind.</summary>
    public async Task RecordAsync(CancellationToken cancellationToken)
    {
        foreach (ObjectSummary key in _keys)
        {
            (DateTimeOffset since, CacheName cache) = CatalogKeys.ParseBehindTime(key.Key)!.Value;
            if (await IsBehindAsync(cache, since, cancellationToken))
            {
                Note(since);
                break;
            }

            // A key that no record stands behind would be looked at by every tick.
            if (key.WrittenAt < now - LongestWrite)
            {
                await parts.Store.DeleteAsync(key.Key, cancellationToken);
            }
        }

        parts.Metrics.Record(Metric.WorstBackupLateness, Math.Round(_worst.TotalSeconds));
    }

    private async Task<bool> IsBehindAsync(CacheName name, DateTimeOffset since, CancellationToken cancellationToken)
    {
        try
        {
            return (await parts.Catalog.Caches.FindAsync(name, cancellationToken))?.Document.AutomaticBackups?.BehindSince == since;
        }
        catch (CatalogUnreadableException)
        {
            // It says nothing to the contrary.
            return true;
        }
    }
}
