using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Makes the ElastiCache cache that a restore asks for, and writes where it is.</summary>
public sealed class CreateManagedCache(ServiceParts parts)
{
    /// <exception cref="TargetNotAvailableHereException">There is no AWS here.</exception>
    public async Task RunAsync(RestoreJob job, CancellationToken cancellationToken)
    {
        RestoreRecords records = await RestoreRecords.ReadAsync(parts.Catalog, job, cancellationToken);
        RestoreTargetSpec target = records.Restoration.Target;
        CacheEngine engine = target.Engine ?? records.Backup.Origin!.Engine;
        IReadOnlyList<CacheShard> shards = await parts.ManagedCaches.CreateAsync(
            job.Cache, job.Generation, engine, target, records.Cache.Tags, cancellationToken);
        await parts.Catalog.Caches.ChangeAsync(
            job.Cache,
            current =>
            {
                Ownership.Check(current, job.Execution, job.Generation);
                return current with { Shards = shards, Engine = engine, Topology = TopologyOf(target) };
            },
            cancellationToken);
    }

    private static CacheTopology TopologyOf(RestoreTargetSpec target) => target.SelfDesigned switch
    {
        null => CacheTopology.Serverless,
        { IsClusterMode: true } => CacheTopology.ClusterEnabled,
        _ => CacheTopology.ClusterDisabled,
    };
}
