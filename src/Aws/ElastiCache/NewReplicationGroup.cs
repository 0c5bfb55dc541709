using CacheBackup.Core.Model;

namespace CacheBackup.Aws.ElastiCache;

/// <summary>A self-designed cluster that is asked for. A member that is null is left to ElastiCache.</summary>
public sealed record NewReplicationGroup
{
    /// <summary>1 to 40 letters, digits and hyphens; stored in lower case.</summary>
    public required string Id { get; init; }

    /// <summary>ElastiCache wants one that is not empty.</summary>
    public required string Description { get; init; }

    /// <summary><c>valkey</c> or <c>redis</c>.</summary>
    public required string Engine { get; init; }

    public string? EngineVersion { get; init; }

    public required string NodeType { get; init; }

    /// <summary>
    /// One for each shard, 1 to 500, with its slots: what a cluster in cluster mode is seeded from files with. Empty: cluster mode off.
    /// </summary>
    public IReadOnlyList<NewNodeGroup> NodeGroups { get; init; } = [];

    /// <summary>Without <see cref="NodeGroups"/>: the primary and its replicas, 1 to 6.</summary>
    public int? CacheClusters { get; init; }

    public bool? AutomaticFailover { get; init; }

    public bool? MultiAz { get; init; }

    /// <summary><c>enabled</c>, <c>disabled</c> or <c>compatible</c>.</summary>
    public string? ClusterMode { get; init; }

    public string? ParameterGroup { get; init; }

    public string? SubnetGroup { get; init; }

    public IReadOnlyList<string>? SecurityGroups { get; init; }

    /// <summary>ARNs of <c>.rdb</c> files in a bucket of the same Region.</summary>
    public IReadOnlyList<string>? SnapshotArns { get; init; }

    public bool? TransitEncryption { get; init; }

    public bool? AtRestEncryption { get; init; }

    public string? KmsKey { get; init; }

    public IReadOnlyList<Tag>? Tags { get; init; }
}
