using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Core.Operations;

/// <summary>The register machine's steps: asks the cache what it is, and makes its record available; or notes why it could not.</summary>
public sealed class ProbeCache(ServiceParts parts)
{
    /// <exception cref="CacheUnreachableException">Nothing answers there.</exception>
    /// <exception cref="ClusterUnsettledException">It is a cluster, and a slot of it has no primary.</exception>
    /// <exception cref="InvalidRequestException">What answers cannot be backed up by this version.</exception>
    public async Task<Cache> RunAsync(CacheJob job, CancellationToken cancellationToken)
    {
        Cache cache = await parts.Catalog.Caches.GetAsync(job.Cache, cancellationToken);
        if (cache.Status == CacheStatus.Available && cache.Generation == job.Generation)
        {
            return cache;
        }

        Ownership.Check(cache, job.Execution, job.Generation);
        if (cache.Shards is [])
        {
            throw new InvalidRequestException($"ElastiCache tells no endpoint of cache {cache.Name}. Register it with the method native.");
        }

        CacheProbe probe = await parts.Caches.ProbeAsync(cache.Shards[0].Address, cancellationToken);
        if (cache.Shards[0].Address.Engine is { } named && named != probe.Engine)
        {
            throw new InvalidRequestException(
                $"Cache {cache.Name} was registered as {RestoreCheck.Name(named)}, and {cache.Shards[0].Address.Endpoint} is {RestoreCheck.Name(probe.Engine)}.");
        }

        IReadOnlyList<CacheShard> shards = cache.Shards;
        if (probe.Cluster is { } map)
        {
            ClusterSurvey.RequireWhole(cache.Name, map);
            shards = ClusterSurvey.Shards([], cache.Shards[0].Address, map);
        }

        string method = MethodOf(cache, probe)
            + (probe.ClusterEnabled ? ShardsOf(shards) : await PlaceAsync(cache, probe, cancellationToken));
        await parts.Events.PublishAsync(
            BackupEvent.Of(
                EventCode.CacheAvailable,
                parts.Time.GetUtcNow(),
                $"Cache {cache.Name} is available: {Text.Of(probe.Engine)} {probe.Version}. {method}",
                cache.Name,
                null,
                job.Execution),
            cancellationToken);
        return await parts.Catalog.Caches.ChangeAsync(
            job.Cache,
            current =>
            {
                Ownership.Check(current, job.Execution, job.Generation);
                return current with
                {
                    Status = CacheStatus.Available,
                    StatusReason = null,
                    Engine = probe.Engine,
                    EngineVersion = probe.Version,
                    Topology = probe.ClusterEnabled ? CacheTopology.ClusterEnabled : CacheTopology.ClusterDisabled,
                    Shards = shards,
                    ConfigurationAddress = probe.ClusterEnabled ? cache.Shards[0].Address : null,
                    Operation = null,
                };
            },
            cancellationToken);
    }

    /// <summary>How backups will be taken, and why, in a sentence.</summary>
    /// <exception cref="InvalidRequestException">The cache does not offer the method that was chosen, or none.</exception>
    private static string MethodOf(Cache cache, CacheProbe probe) => (cache.BackupMethod, probe) switch
    {
        (BackupMethod.Scan or BackupMethod.Stream, { Engine: CacheEngine.Memcached, ScanRefusal: { } refusal }) => throw new InvalidRequestException(
            $"Cache {cache.Name} cannot be backed up: {refusal}"),
        (BackupMethod.Scan or BackupMethod.Stream, { Engine: CacheEngine.Memcached }) =>
            "Backups are taken item by item, as the server lists its keys: each item as it is at a moment of its own.",
        (BackupMethod.Replication, { ReplicationRefusal: { } refusal }) => throw new InvalidRequestException(
            $"Cache {cache.Name} cannot be backed up by replication: {refusal} Leave the method out, or choose scan."),
        (BackupMethod.Scan or BackupMethod.Stream, { ScanRefusal: { } refusal }) => throw new InvalidRequestException(
            $"Cache {cache.Name} cannot be backed up: {probe.ReplicationRefusal} And it cannot be scanned: {refusal}"),
        (BackupMethod.Scan, _) => "Backups are taken by scan, as was asked for: each key as it is at a moment of its own.",
        (_, { ReplicationRefusal: { } refusal }) => $"Backups are taken by scan, each key as it is at a moment of its own. {refusal}",
        _ => "Backups are taken by replication: all keys as they are at one instant.",
    };

    private static string ShardsOf(IReadOnlyList<CacheShard> shards) =>
        $" {shards.Count} shard(s) in cluster mode with {shards.Sum(shard => shard.Replicas?.Count ?? 0)} replica(s); "
        + "replication takes a replica in sync before its primary.";

    /// <summary>Of a cache with replicas: from which node a backup would come now, and why.</summary>
    private async Task<string> PlaceAsync(Cache cache, CacheProbe probe, CancellationToken cancellationToken)
    {
        if (probe.Replicas is [] && !probe.IsReplica)
        {
            return string.Empty;
        }

        ReplicaChoice choice = await PlainShardReading.ChooseAsync(parts, cache.BackupMethod, cache.Shards[0].Address, probe, null, cancellationToken);
        return $" At this moment: {choice.Reason}.";
    }

    /// <summary>Leaves the record as <c>create-failed</c> with the reason; the name can be registered again.</summary>
    public Task AbandonAsync(CacheJob job, FailureCause failure, CancellationToken cancellationToken) => CacheLease.ReleaseAsync(
        parts,
        job.Cache,
        job.Execution,
        job.Generation,
        c => c with { Status = CacheStatus.CreateFailed, StatusReason = failure.ToReason() },
        (EventCode.CacheCreateFailed, $"Cache {job.Cache} could not be registered. {failure.ToReason()}"),
        cancellationToken);
}
