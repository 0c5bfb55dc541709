namespace CacheBackup.Core.Operations;

/// <summary>What comes next when a cache's server is removed.</summary>
public enum ServerRemovalStep
{
    /// <summary>Nothing is there (any more) that would have to go.</summary>
    Gone,

    /// <summary>ElastiCache is at work on it: look again.</summary>
    Wait,

    DeleteServerlessCache,
    DeleteReplicationGroup,
}
