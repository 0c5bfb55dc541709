using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>
/// The register machine's first step for a cache of ElastiCache: asks ElastiCache what it is. One that is backed up natively is available
/// then; one that is streamed from is probed next, at the endpoint that ElastiCache tells.
/// </summary>
public sealed class DescribeManagedSource(ServiceParts parts)
{
    /// <exception cref="NoLongerOwnerException">The registration was abandoned.</exception>
    /// <exception cref="NotFoundException">ElastiCache has no such cache.</exception>
    /// <exception cref="InvalidRequestException">It is one that this version cannot back up that way.</exception>
    public async Task<Cache> RunAsync(CacheJob job, CancellationToken cancellationToken)
    {
        Cache cache = await parts.Catalog.Caches.GetAsync(job.Cache, cancellationToken);
        if (cache.Status == CacheStatus.Available && cache.Generation == job.Generation)
        {
            return cache;
        }

        Ownership.Check(cache, job.Execution, job.Generation);
        ManagedSource managed = cache.Managed ?? throw new CatalogConflictException($"Cache {cache.Name} was not registered as one of ElastiCache's.");
        ManagedDescription found = await parts.ManagedSources.FindAsync(managed.Resource, cancellationToken)
            ?? throw new NotFoundException(
                $"ElastiCache has no {managed.Resource} in this Region and account. Look at its name, and at whether it is a serverless cache, a replication group or a cluster.");
        if (found.Engine == CacheEngine.Memcached)
        {
            throw new InvalidRequestException($"{managed.Resource} is Memcached, which this version does not back up.");
        }

        if (found.DataTiering && managed.EffectiveMethod == BackupMethod.Native)
        {
            throw new InvalidRequestException(
                $"{managed.Resource} keeps values on disk (data tiering), and ElastiCache exports no snapshots of such caches. Its own snapshots remain.");
        }

        bool native = managed.EffectiveMethod == BackupMethod.Native;
        if (native)
        {
            await TellAsync(cache, found, job, cancellationToken);
        }

        return await parts.Catalog.Caches.ChangeAsync(
            job.Cache,
            current =>
            {
                Ownership.Check(current, job.Execution, job.Generation);
                Cache described = Described(current, managed, found);
                return native ? described with { Status = CacheStatus.Available, StatusReason = null, Operation = null } : described;
            },
            cancellationToken);
    }

    private static Cache Described(Cache cache, ManagedSource managed, ManagedDescription found) => cache with
    {
        Engine = found.Engine,
        EngineVersion = found.EngineVersion,
        Topology = found.Topology,
        Shards = [.. found.Shards.Where(shard => shard.Endpoint is not null).Select(shard => new CacheShard(shard.Number, AddressOf(managed, found, shard)))],
        Managed = managed with { Arn = found.Arn, Tls = found.Tls, DataTiering = found.DataTiering ? true : null, Shards = found.Shards },
    };

    private static CacheAddress AddressOf(ManagedSource managed, ManagedDescription found, ManagedShard shard) => new()
    {
        Endpoint = shard.Endpoint!,
        Tls = found.Tls ? new CacheTls() : null,
        Username = managed.Username,
        Password = managed.Password,
    };

    private Task TellAsync(Cache cache, ManagedDescription found, CacheJob job, CancellationToken cancellationToken) => parts.Events.PublishAsync(
        BackupEvent.Of(
            EventCode.CacheAvailable,
            parts.Time.GetUtcNow(),
            $"Cache {cache.Name} is available: {Text.Of(found.Engine)} {found.EngineVersion}, {cache.Managed!.Resource} of ElastiCache.",
            cache.Name,
            null,
            job.Execution),
        cancellationToken);
}
