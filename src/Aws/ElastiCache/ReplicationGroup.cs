using CacheBackup.Core.Model;

namespace CacheBackup.Aws.ElastiCache;

/// <summary>A self-designed cluster as ElastiCache describes it; null where it says nothing.</summary>
/// <param name="Status"><c>creating</c>, <c>available</c>, <c>modifying</c>, <c>deleting</c>, <c>create-failed</c>, <c>snapshotting</c>.</param>
public sealed record ReplicationGroup(string Id, string Status)
{
    public string? Arn { get; init; }

    public string? Description { get; init; }

    public string? Engine { get; init; }

    public string? NodeType { get; init; }

    public bool IsClusterMode { get; init; }

    public bool HasTransitEncryption { get; init; }

    /// <summary>Of a cluster in cluster mode.</summary>
    public CacheEndpoint? ConfigurationEndpoint { get; init; }

    public IReadOnlyList<NodeGroup> NodeGroups { get; init; } = [];

    /// <summary><c>enabled</c>: some of its values are on disk, and what it holds cannot be exported.</summary>
    public string? DataTiering { get; init; }

    /// <summary>The ids of its nodes.</summary>
    public IReadOnlyList<string> MemberClusters { get; init; } = [];
}
