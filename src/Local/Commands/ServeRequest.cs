using CacheBackup.Core.Buckets;
using CacheBackup.Local.Events;

namespace CacheBackup.Local.Commands;

/// <summary>What <c>cache-backup serve</c> was asked for.</summary>
/// <param name="DataDirectory">Where executions, server processes and the token are.</param>
/// <param name="Store">A directory or <c>s3://bucket/prefix</c>; null: <c>store</c> in the data directory.</param>
/// <param name="Url">Where the API listens.</param>
public sealed record ServeRequest(string DataDirectory, string? Store, Uri Url)
{
    /// <summary>Who is told of events.</summary>
    public EventTargets Events { get; init; } = EventTargets.None;

    /// <summary>Whether a cache may have only as many manual backups a day as ElastiCache allows.</summary>
    public bool Quotas { get; init; }

    /// <summary>The other buckets and directories that requests may name.</summary>
    public ConfiguredBuckets Configured { get; init; } = ConfiguredBuckets.None;
}
