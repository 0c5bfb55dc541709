using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Aws.ElastiCache;

/// <summary>ElastiCache as a source, by its Query API: every look is a Describe of one name.</summary>
public sealed class ElastiCacheSources(ElastiCacheClient client) : IManagedSources
{
    private const string Enabled = "enabled";

    public Task<ManagedDescription?> FindAsync(ManagedResource resource, CancellationToken cancellationToken) => resource.Kind switch
    {
        ManagedResourceKind.ServerlessCache => FindServerlessAsync(resource.Id, cancellationToken),
        ManagedResourceKind.ReplicationGroup => FindGroupAsync(resource.Id, cancellationToken),
        _ => FindClusterAsync(resource.Id, cancellationToken),
    };

    public async Task<IReadOnlyList<Tag>> ReadTagsAsync(string arn, CancellationToken cancellationToken)
    {
        try
        {
            return await client.ListTagsAsync(arn, cancellationToken);
        }
        catch (ElastiCacheException e) when (e.Shape.StartsWith("Invalid", StringComparison.Ordinal) && e.Shape.Contains("State", StringComparison.Ordinal))
        {
            throw new ManagedSourceBusyException($"ElastiCache tells no tags of {arn} now. {e.Message}", e);
        }
    }

    private async Task<ManagedDescription?> FindServerlessAsync(string name, CancellationToken cancellationToken) =>
        await client.FindServerlessCacheAsync(name, cancellationToken) is { } cache
            ? new ManagedDescription
            {
                Arn = RequireArn(cache.Arn, name),
                Status = cache.Status,
                Engine = EngineOf(cache.Engine, name),
                EngineVersion = VersionOf(cache.FullVersion ?? cache.MajorVersion),
                Topology = CacheTopology.Serverless,
                // One virtual shard, and never without TLS.
                Shards = [new ManagedShard(1, "0001", null, cache.Endpoint)],
                Tls = true,
            }
            : null;

    private async Task<ManagedDescription?> FindGroupAsync(string id, CancellationToken cancellationToken)
    {
        if (await client.FindReplicationGroupAsync(id, cancellationToken) is not { } group)
        {
            return null;
        }

        // A group does not tell its version; its nodes all have the same one.
        CacheCluster? node = group.MemberClusters is [var first, ..] ? await client.FindCacheClusterAsync(first, cancellationToken) : null;
        return new ManagedDescription
        {
            Arn = RequireArn(group.Arn, id),
            Status = group.Status,
            Engine = EngineOf(group.Engine ?? node?.Engine, id),
            EngineVersion = VersionOf(node?.EngineVersion),
            Topology = group.IsClusterMode ? CacheTopology.ClusterEnabled : CacheTopology.ClusterDisabled,
            Shards = ShardsOf(group),
            Tls = group.HasTransitEncryption,
            DataTiering = group.DataTiering == Enabled,
            // With cluster mode off one chooses the node; a replica has the time for it.
            SnapshotNode = group.IsClusterMode ? null : group.NodeGroups.SelectMany(g => g.Replicas).FirstOrDefault(),
        };
    }

    private static IReadOnlyList<ManagedShard> ShardsOf(ReplicationGroup group) =>
    [
        .. group.NodeGroups.OrderBy(g => g.Id, StringComparer.Ordinal)
            .Select((g, place) => new ManagedShard(place + 1, g.Id, g.Slots, g.Primary ?? (place == 0 ? group.ConfigurationEndpoint : null))),
    ];

    private async Task<ManagedDescription?> FindClusterAsync(string id, CancellationToken cancellationToken) =>
        await client.FindCacheClusterAsync(id, cancellationToken) is { } cluster
            ? new ManagedDescription
            {
                Arn = RequireArn(cluster.Arn, id),
                Status = cluster.Status,
                Engine = EngineOf(cluster.Engine, id),
                EngineVersion = VersionOf(cluster.EngineVersion),
                Topology = CacheTopology.ClusterDisabled,
                Shards = [new ManagedShard(1, "0001", null, cluster.Endpoint)],
                Tls = cluster.HasTransitEncryption,
            }
            : null;

    private static string RequireArn(string? arn, string id) =>
        arn ?? throw new ManagedSourceBusyException($"ElastiCache does not tell the ARN of {id} yet. Try again when it is available.");

    private static CacheEngine EngineOf(string? engine, string id) => engine?.ToLowerInvariant() switch
    {
        "valkey" => CacheEngine.Valkey,
        "redis" => CacheEngine.Redis,
        "memcached" => CacheEngine.Memcached,
        _ => throw new InvalidRequestException($"ElastiCache says that the engine of {id} is '{engine}', which this version does not know."),
    };

    /// <summary>Serverless caches tell their major version alone: <c>8</c> is 8.0.0.</summary>
    internal static CacheVersion? VersionOf(string? text) =>
        CacheVersion.TryParse(text, out CacheVersion version) || CacheVersion.TryParse($"{text}.0", out version) ? version : null;
}
