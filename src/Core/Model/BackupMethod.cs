namespace CacheBackup.Core.Model;

/// <summary>How the bytes of a cache's backups are come by. Persisted by name.</summary>
public enum BackupMethod
{
    /// <summary>Streamed from the cache itself: by replication where it is to be had, and else by scan.</summary>
    Stream,

    /// <summary>ElastiCache takes a snapshot, exports it, and its files are adopted.</summary>
    Native,

    /// <summary>Streamed as a replica would take them, or not at all.</summary>
    Replication,

    /// <summary>Streamed key by key.</summary>
    Scan,
}
