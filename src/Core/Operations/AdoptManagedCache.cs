using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Writes into the record of a cache that ElastiCache has made where it is, and what it is.</summary>
public sealed class AdoptManagedCache(ServiceParts parts)
{
    /// <exception cref="CatalogConflictException">The cache was not asked for by this execution.</exception>
    /// <exception cref="ManagedCacheCreateFailedException">It is no longer available.</exception>
    /// <exception cref="ManagedCacheRestoreFailedException">A node of it could not be filled.</exception>
    public async Task RunAsync(RestoreJob job, CancellationToken cancellationToken)
    {
        RestoreRecords records = await RestoreRecords.ReadAsync(parts.Catalog, job, cancellationToken);
        RestoreTargetSpec target = records.Restoration.Target;

        // A cluster may be available although a node of it is not.
        await new CheckManagedCache(parts).RunAsync(job, cancellationToken);
        await RequestManagedCache.RequireOursAsync(parts, job, target.Kind, cancellationToken);
        ManagedCacheDescription found = await parts.ManagedCaches.DescribeAsync(job.Cache, target.Kind, withNodes: true, cancellationToken)
            is { Status: ManagedCacheStates.Available, Shards.Count: > 0 } ready
                ? ready
                : throw new ManagedCacheCreateFailedException(
                    $"ElastiCache said that cache {job.Cache} is available, and now gives no endpoint of it. Look at it in ElastiCache's console.");
        await parts.Catalog.Caches.ChangeAsync(
            job.Cache,
            current =>
            {
                Ownership.Check(current, job.Execution, job.Generation);
                return current with
                {
                    Shards = found.Shards,
                    Engine = target.Engine ?? records.Backup.Origin!.Engine,
                    EngineVersion = found.Version,
                    Topology = found.Topology,
                };
            },
            cancellationToken);
    }
}
