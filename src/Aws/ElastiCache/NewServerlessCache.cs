using CacheBackup.Core.Model;

namespace CacheBackup.Aws.ElastiCache;

/// <summary>A serverless cache that is asked for. A member that is null is left to ElastiCache.</summary>
public sealed record NewServerlessCache
{
    /// <summary>1 to 40 letters, digits and hyphens; stored in lower case.</summary>
    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary><c>valkey</c>, <c>redis</c> or <c>memcached</c>.</summary>
    public required string Engine { get; init; }

    public string? MajorVersion { get; init; }

    /// <summary>ARNs of <c>.rdb</c> files in a bucket of the same Region, or of serverless snapshots.</summary>
    public IReadOnlyList<string>? SnapshotArns { get; init; }

    public IReadOnlyList<string>? SecurityGroups { get; init; }

    public IReadOnlyList<string>? Subnets { get; init; }

    public string? KmsKey { get; init; }

    public IReadOnlyList<Tag>? Tags { get; init; }
}
