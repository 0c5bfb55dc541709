using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>Writes into the record of a cache that ElastiCache has made where it is, and what it is.</summary>
public sealed class AdoptManagedCache(ServiceParts parts)
{
    /// <exception cref="CatalogConflictException">The cache was not asked for by this execution.</exception>
    /// <exception cref="StoreUnavailableException">ElastiCache does not tell whose the cache is: a passing state of it.</exception>
    /// <exception cref="ManagedCacheCreateFailedException">It is no longer available.</exception>
    /// <exception cref="ManagedCacheRestoreFailedException">A node of it could not be filled.</exception>
    public async Task RunAsync(RestoreJob job, CancellationToken cancellationToken)
    {
        RestoreRecords records = await RestoreRecords.ReadAsync(parts.Catalog, job, cancellationToken);
        RestoreTargetSpec target = records.Restoration.Target;

        // A cluster may be available although a node of it is not.
        await new CheckManagedCache(parts).RunAsync(job, cancellationToken);
        await RequireOursAsync(job, target.Kind, cancellationToken);
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

    /// <summary>Not to be told whose it is, which was good enough for waiting, is not good enough for taking it.</summary>
    private async Task RequireOursAsync(RestoreJob job, RestoreTargetKind kind, CancellationToken cancellationToken)
    {
        await RequestManagedCache.RequireOursAsync(parts, job, kind, cancellationToken);
        if (await parts.ManagedCaches.IsOfAsync(job.Cache, kind, job.Execution, cancellationToken) != true)
        {
            throw new StoreUnavailableException($"ElastiCache does not tell the tags of cache {job.Cache} at present, and so not whose it is. Ask again.");
        }
    }
}
