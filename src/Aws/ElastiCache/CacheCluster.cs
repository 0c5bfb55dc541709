using CacheBackup.Core.Model;

namespace CacheBackup.Aws.ElastiCache;

/// <summary>One node of a self-designed cluster, or a cluster of its own, as ElastiCache describes it; null where it says nothing.</summary>
/// <param name="Status">
/// <c>available</c>, <c>creating</c>, <c>deleted</c>, <c>deleting</c>, <c>incompatible-network</c>, <c>modifying</c>,
/// <c>rebooting cluster nodes</c>, <c>restore-failed</c>, <c>snapshotting</c>.
/// </param>
public sealed record CacheCluster(string Id, string Status)
{
    public string? Arn { get; init; }

    public string? Engine { get; init; }

    public string? EngineVersion { get; init; }

    public string? NodeType { get; init; }

    /// <summary>Of its first node; null while it is made.</summary>
    public CacheEndpoint? Endpoint { get; init; }

    public bool HasTransitEncryption { get; init; }

    /// <summary>Null: it is of no replication group.</summary>
    public string? ReplicationGroup { get; init; }
}
