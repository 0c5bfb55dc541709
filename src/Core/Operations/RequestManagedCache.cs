using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Asks ElastiCache for the cache that a restore wants, filled from the staged files. Repeating it asks for no second one.</summary>
public sealed class RequestManagedCache(ServiceParts parts)
{
    /// <exception cref="CatalogConflictException">ElastiCache has a cache of that name which this execution did not ask for.</exception>
    /// <exception cref="ProvisioningException">ElastiCache refused; the message says why.</exception>
    public async Task<ManagedCacheWait> RunAsync(RestoreJob job, CancellationToken cancellationToken)
    {
        RestoreRecords records = await RestoreRecords.ReadAsync(parts.Catalog, job, cancellationToken);
        RestoreTargetSpec target = records.Restoration.Target;
        ManagedCacheRequest request = new()
        {
            Name = job.Cache,
            Execution = job.Execution,
            Backup = job.Backup,
            Engine = target.Engine ?? records.Backup.Origin!.Engine,
            Target = target,
            Tags = ManagedTags.OfCache(job.Execution, job.Cache, records.Cache.Tags),
            Files = [.. records.Backup.Shards.Select(shard => CatalogKeys.StagedFile(job.Cache, job.Generation, shard.Number))],
        };
        if (!await parts.ManagedCaches.TryRequestAsync(request, cancellationToken))
        {
            await RequireOursAsync(parts, job, target.Kind, cancellationToken);
        }

        return ManagedCacheWait.After(job.Cache, TimeSpan.Zero);
    }

    /// <summary>Where ElastiCache does not tell yet whose it is, it is asked again once the cache is available.</summary>
    internal static async Task RequireOursAsync(ServiceParts parts, RestoreJob job, RestoreTargetKind kind, CancellationToken cancellationToken)
    {
        if (await parts.ManagedCaches.IsOfAsync(job.Cache, kind, job.Execution, cancellationToken) == false)
        {
            throw new CatalogConflictException(
                $"ElastiCache has a cache named {job.Cache} already, and it was not made for this restore: it was left as it is. "
                + "Restore into a name that is free there too.");
        }
    }
}
