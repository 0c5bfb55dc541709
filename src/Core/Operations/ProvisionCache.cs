using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>Makes the new cache, and writes where it is.</summary>
public sealed class ProvisionCache(ServiceParts parts)
{
    /// <exception cref="ProvisioningException">The cache could not be made.</exception>
    public async Task RunAsync(RestoreJob job, RestoreFill fill, CancellationToken cancellationToken)
    {
        RestoreRecords records = await RestoreRecords.ReadAsync(parts.Catalog, job, cancellationToken);
        CacheEngine engine = records.Restoration.Target.Engine ?? records.Backup.Origin!.Engine;
        ObjectKey? file = fill == RestoreFill.Load ? records.Backup.Shards[0].DataKey : null;
        CacheAddress address = await parts.Provisioner.ProvisionAsync(
            new ProvisionRequest(job.Cache, job.Generation, engine, file, parts.StoreOf(records.Backup)), cancellationToken);
        CacheVersion version = await parts.Provisioner.VersionOfAsync(engine, cancellationToken);
        await parts.Catalog.Caches.ChangeAsync(
            job.Cache,
            current =>
            {
                Ownership.Check(current, job.Execution, job.Generation);
                return current with
                {
                    Shards = [new CacheShard(1, address)],
                    Engine = engine,
                    EngineVersion = version,
                    Topology = CacheTopology.ClusterDisabled,
                };
            },
            cancellationToken);
    }
}
