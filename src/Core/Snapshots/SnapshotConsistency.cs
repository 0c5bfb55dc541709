namespace CacheBackup.Core.Snapshots;

/// <summary>What moment the keys of a backup stand for. Persisted by name.</summary>
public enum SnapshotConsistency
{
    /// <summary>All keys as they were at one instant (replication).</summary>
    PointInTime,

    /// <summary>Each key with its expiry as it was at one instant of its own (scan).</summary>
    PerKey,

    /// <summary>Each item as it was at one instant of its own (Memcached).</summary>
    PerItem,
}
