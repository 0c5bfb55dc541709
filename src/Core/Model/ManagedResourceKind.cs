namespace CacheBackup.Core.Model;

/// <summary>What ElastiCache calls a thing that holds data and can be backed up by itself.</summary>
public enum ManagedResourceKind
{
    ServerlessCache,

    /// <summary>A self-designed cache with one node group (shard) or many.</summary>
    ReplicationGroup,

    /// <summary>A single node of its own.</summary>
    CacheCluster,
}
