using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>
/// How many manual backups of a cache may be begun within 24 hours. A failed one counts, one that was deleted since does not.
/// </summary>
public sealed record BackupQuotas
{
    /// <summary>ElastiCache's: 24 for a serverless cache, 20 for each node otherwise (user guide, "Backup constraints").</summary>
    public static BackupQuotas OfElastiCache { get; } = new() { PerServerlessCache = 24, PerNode = 20 };

    public required int PerServerlessCache { get; init; }

    public required int PerNode { get; init; }

    private static TimeSpan Window => TimeSpan.FromHours(24);

    /// <exception cref="BackupQuotaExceededException">The cache has had its manual backups; the message says when the next is free.</exception>
    public async Task CheckAsync(ServiceParts parts, Cache cache, CancellationToken cancellationToken)
    {
        DateTimeOffset since = parts.Time.GetUtcNow() - Window;
        int most = cache.Topology == CacheTopology.Serverless ? PerServerlessCache : PerNode * Math.Max(1, cache.Shards.Count);
        List<DateTimeOffset> begun = [];
        await foreach (Backup backup in parts.Catalog.Listing.AllAsync(BackupIndex.OfCache(cache.Name), _ => { }, cancellationToken))
        {
            if (backup.CreatedAt <= since || begun.Count == most)
            {
                break;
            }

            if (backup.Kind == BackupKind.Manual)
            {
                begun.Add(backup.CreatedAt);
            }
        }

        if (begun.Count == most)
        {
            throw new BackupQuotaExceededException(
                $"Cache {cache.Name} has had {most} manual backups within 24 hours, which is its quota. The next can be begun at {begun[^1] + Window:u}; "
                + "or delete one of them.");
        }
    }
}
