using System.Text.Json.Serialization;

namespace CacheBackup.Core.Model;

/// <summary>A self-designed ElastiCache cluster that a restore is to make. Its name is the new cache's.</summary>
public sealed record SelfDesignedTarget
{
    public const int MaxShards = 500;
    public const int MaxReplicas = 5;
    public const int MaxSecurityGroups = 5;

    /// <summary>Such as <c>cache.r7g.large</c>.</summary>
    public required string NodeType { get; init; }

    /// <summary>1–500; null: 1. More than one needs cluster mode.</summary>
    public int? Shards { get; init; }

    /// <summary>Replicas of each shard, 0–5; null: 0.</summary>
    public int? Replicas { get; init; }

    /// <summary>Null: on with more than one shard, off with one.</summary>
    public bool? ClusterMode { get; init; }

    /// <summary>At most 255 characters.</summary>
    public string? Description { get; init; }

    /// <summary>The cache subnet group; null: the account's default.</summary>
    public string? SubnetGroup { get; init; }

    /// <summary>The VPC that the subnet group lies in, <c>vpc-…</c>; null: whichever that is.</summary>
    public string? Vpc { get; init; }

    /// <summary>Security groups, <c>sg-…</c>, at most <see cref="MaxSecurityGroups"/>; null: the VPC's default.</summary>
    public IReadOnlyList<string>? SecurityGroups { get; init; }

    /// <summary>The cache parameter group, 1 to 255 letters, digits, dots and hyphens; null: ElastiCache's own for the version.</summary>
    public string? ParameterGroup { get; init; }

    /// <summary>Such as <c>8.0</c>; null: the newest that ElastiCache has.</summary>
    public string? EngineVersion { get; init; }

    /// <summary>Primaries and replicas in different zones, which takes a replica; null: not asked for.</summary>
    public bool? MultiAz { get; init; }

    /// <summary>The ARN of the KMS key that it is encrypted with, which the configuration must list; null: AWS's own.</summary>
    public string? KmsKey { get; init; }

    [JsonIgnore]
    public int ShardCount => Shards ?? 1;

    [JsonIgnore]
    public int ReplicaCount => Replicas ?? 0;

    [JsonIgnore]
    public bool IsClusterMode => ClusterMode ?? ShardCount > 1;
}
