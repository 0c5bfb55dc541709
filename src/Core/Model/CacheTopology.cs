namespace CacheBackup.Core.Model;

/// <summary>How a cache's keys are spread: as one virtual shard, in one shard, or in shards by slot. Persisted by name.</summary>
public enum CacheTopology
{
    Serverless,
    ClusterDisabled,
    ClusterEnabled,
}
