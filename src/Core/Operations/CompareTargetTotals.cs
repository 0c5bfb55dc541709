using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;

namespace CacheBackup.Core.Operations;

/// <summary>Sees that the target holds what the ranges proved and nothing else: keys of each database, and function libraries.</summary>
public sealed class CompareTargetTotals(ServiceParts parts)
{
    /// <exception cref="RestoreMismatchException">There are more keys, other databases or other functions on the target.</exception>
    public async Task RunAsync(RestoreJob job, CancellationToken cancellationToken)
    {
        RestoreRecords records = await RestoreRecords.ReadAsync(parts.Catalog, job, cancellationToken);
        (CompareReport sum, _, _) = await new RestoreLanes(parts.Store, job).SumAsync(cancellationToken);
        IEnumerable<RdbDatabaseSummary> databases = records.Backup.Shards
            .SelectMany(s => s.Databases)
            .Select(d => new RdbDatabaseSummary(d.Database, d.Keys, d.KeysWithExpiry, d.ExpiredKeys));
        await using IRestoreTarget target = await parts.Caches.ConnectTargetAsync(records.Address, cancellationToken);
        foreach (ShardManifest shard in records.Backup.Shards)
        {
            SegmentIndex index = await SegmentIndexes.ReadAsync(parts.StoreOf(records.Backup), shard, cancellationToken);
            IEnumerable<RdbType> types = shard.KeysByType.Where(type => type.Value > 0).Select(type => Enum.Parse<RdbType>(type.Key));
            await RestoreLeftovers.RemoveAsync(target, shard.DataKey, index, types, cancellationToken);
        }

        CompareReport report = await CompareTotals.RunAsync(target, databases, sum, cancellationToken);
        report.ThrowIfDifferent();
    }
}
