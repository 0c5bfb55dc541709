using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>Makes the new cache, and writes where it is. An endpoint of the user's is there already: it is asked when it is claimed.</summary>
public sealed class ProvisionCache(ServiceParts parts)
{
    /// <exception cref="ProvisioningException">The cache could not be made.</exception>
    public async Task RunAsync(RestoreJob job, RestoreFill fill, CancellationToken cancellationToken)
    {
        RestoreRecords records = await RestoreRecords.ReadAsync(parts.Catalog, job, cancellationToken);
        if (records.Restoration.Target.Endpoint is { } endpoint)
        {
            await WriteAsync(job, cache => cache with { Shards = [new CacheShard(1, endpoint)] }, cancellationToken);
            return;
        }

        CacheEngine engine = records.Restoration.Target.Engine ?? records.Backup.Origin!.Engine;
        ObjectKey? file = fill == RestoreFill.Load ? records.Backup.Shards[0].DataKey : null;
        CacheAddress address = await parts.Provisioner.ProvisionAsync(
            new ProvisionRequest(job.Cache, job.Generation, engine, file, parts.StoreOf(records.Backup)), cancellationToken);
        CacheVersion version = await parts.Provisioner.VersionOfAsync(engine, cancellationToken);
        await WriteAsync(
            job,
            cache => cache with
            {
                Shards = [new CacheShard(1, address)],
                Engine = engine,
                EngineVersion = version,
                Topology = CacheTopology.ClusterDisabled,
            },
            cancellationToken);
    }

    private Task<Cache> WriteAsync(RestoreJob job, Func<Cache, Cache> change, CancellationToken cancellationToken) => parts.Catalog.Caches.ChangeAsync(
        job.Cache,
        current =>
        {
            Ownership.Check(current, job.Execution, job.Generation);
            return change(current);
        },
        cancellationToken);
}
