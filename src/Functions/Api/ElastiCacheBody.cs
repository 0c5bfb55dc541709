
namespace CacheBackup.Functions.Api;

/// <summary>
/// A cache of ElastiCache by its name there, in the service's own Region and account: exactly one of <see cref="ServerlessCache"/>,
/// <see cref="ReplicationGroup"/> and <see cref="CacheCluster"/>.
/// </summary>
public sealed record ElastiCacheBody
{
    public string? ServerlessCache { get; init; }

    public string? ReplicationGroup { get; init; }

    public string? CacheCluster { get; init; }

    /// <summary>True: ElastiCache's own snapshots stay after they were adopted. Null: they go.</summary>
    public bool? KeepSnapshots { get; init; }
}
