namespace CacheBackup.Core.Model;

/// <summary>How the bytes of a cache's backups are come by. Persisted by name.</summary>
public enum BackupMethod
{
    /// <summary>Streamed from the cache itself, as a replica would take them.</summary>
    Stream,

    /// <summary>ElastiCache takes a snapshot, exports it, and its files are adopted.</summary>
    Native,
}
