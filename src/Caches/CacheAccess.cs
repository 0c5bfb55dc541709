namespace CacheBackup.Caches;

/// <summary>What a user of a Valkey or Redis cache is needed for.</summary>
public enum CacheAccess
{
    /// <summary>Backups by replication, registering included.</summary>
    Replication,

    /// <summary>Backups by scan, registering included.</summary>
    Scan,

    /// <summary>Filling a cache and comparing it afterwards, as every restore does.</summary>
    Restore,

    /// <summary>Comparing a cache that was filled in another way.</summary>
    Compare,
}
