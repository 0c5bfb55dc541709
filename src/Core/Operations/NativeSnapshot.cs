using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>A snapshot as ElastiCache describes it.</summary>
public sealed record NativeSnapshot
{
    public required NativeSnapshotId Id { get; init; }

    public required string Arn { get; init; }

    /// <summary>ElastiCache's own word in lower case: <c>creating</c>, <c>available</c>, <c>copying</c>, <c>failed</c> …</summary>
    public required string Status { get; init; }

    /// <summary>How many files an export of it has, one for each node group; null: not told, as for serverless ones.</summary>
    public int? Files { get; init; }

    /// <summary>What the cache held in memory when it was taken, in bytes; null: not told, as for self-designed ones.</summary>
    public long? BytesUsed { get; init; }

    /// <summary>Null: it tells none that is one.</summary>
    public CacheVersion? EngineVersion { get; init; }

    /// <summary>It is whole, and nothing is at work on it.</summary>
    public bool IsAvailable => Status == "available";

    /// <summary>
    /// Nothing comes of it any more. Any other word means that ElastiCache is at work on it: it does not document all of them.
    /// </summary>
    public bool HasFailed => IsGoing || Status.Contains("fail", StringComparison.Ordinal);

    /// <summary>It is being deleted.</summary>
    public bool IsGoing => Status is "deleting" or "deleted";
}
