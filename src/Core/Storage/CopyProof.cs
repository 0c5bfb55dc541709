namespace CacheBackup.Core.Storage;

/// <summary>What shows that a copied object has the bytes that were recorded. Persisted by name.</summary>
public enum CopyProof
{
    /// <summary>The bytes passed through this process, which digested them; the store checked each part against our checksum of it.</summary>
    Streamed,

    /// <summary>The store copied by itself, and the SHA-256 that it computed over what it wrote is the recorded one.</summary>
    StoreChecksum,

    /// <summary>The store copied by itself, and the copy was read back to its end and digested.</summary>
    ReadBack,
}
