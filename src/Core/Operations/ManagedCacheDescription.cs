using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>A cache of ElastiCache's as it describes it.</summary>
public sealed record ManagedCacheDescription
{
    /// <summary>In lower case: <c>creating</c>, <c>available</c>, <c>modifying</c>, <c>snapshotting</c>, <c>deleting</c>, <c>create-failed</c> and others to come.</summary>
    public required string Status { get; init; }

    /// <summary>Statuses of the nodes, each once, in lower case; empty where they were not asked for, and for serverless caches.</summary>
    public IReadOnlyList<string> NodeStatuses { get; init; } = [];

    public CacheTopology Topology { get; init; }

    /// <summary>Where it is reached; empty until it is available.</summary>
    public IReadOnlyList<CacheShard> Shards { get; init; } = [];

    /// <summary>Null where ElastiCache does not say.</summary>
    public CacheVersion? Version { get; init; }
}
