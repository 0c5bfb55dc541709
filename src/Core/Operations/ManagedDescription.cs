using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>A cache as ElastiCache describes it.</summary>
public sealed record ManagedDescription
{
    /// <summary>The status of a cache that takes requests.</summary>
    public const string Available = "available";

    public required string Arn { get; init; }

    /// <summary>ElastiCache's own word in lower case: <c>available</c>, <c>snapshotting</c>, <c>create-failed</c> …</summary>
    public required string Status { get; init; }

    public required CacheEngine Engine { get; init; }

    /// <summary>Null: not told, or not as a version reads.</summary>
    public CacheVersion? EngineVersion { get; init; }

    public required CacheTopology Topology { get; init; }

    /// <summary>At least one, in the order of the names of its node groups; a serverless cache has one.</summary>
    public required IReadOnlyList<ManagedShard> Shards { get; init; }

    public required bool Tls { get; init; }

    public bool DataTiering { get; init; }

    /// <summary>
    /// The node that snapshots should be taken from, where ElastiCache lets one choose and there is a replica; null: name the cache itself.
    /// </summary>
    public string? SnapshotNode { get; init; }

    public bool IsAvailable => Status == Available;

    /// <summary>ElastiCache would delete it now: it is not being made, changed, backed up or deleted.</summary>
    public bool TakesDelete => IsAvailable || Status.Contains("fail", StringComparison.Ordinal);
}
