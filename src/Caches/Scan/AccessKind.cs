namespace CacheBackup.Caches.Scan;

/// <summary>What a server keeps of a key's use; it depends on its eviction policy.</summary>
internal enum AccessKind
{
    None,

    /// <summary>OBJECT IDLETIME.</summary>
    Idle,

    /// <summary>OBJECT FREQ.</summary>
    Frequency,
}
