using CacheBackup.Core.Model;

namespace CacheBackup.Aws.ElastiCache;

/// <summary>One shard of a self-designed cluster.</summary>
/// <param name="Primary">Null in cluster mode, where the configuration endpoint leads to all shards.</param>
public sealed record NodeGroup(string Id, string Status, string? Slots, CacheEndpoint? Primary, CacheEndpoint? Reader)
{
    /// <summary>The ids of the nodes that are replicas now; ElastiCache tells roles only with cluster mode off.</summary>
    public IReadOnlyList<string> Replicas { get; init; } = [];
}
