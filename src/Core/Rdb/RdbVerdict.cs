namespace CacheBackup.Core.Rdb;

/// <summary>What a verification has found a file to be. Persisted by name in lower case: entries may be added, never changed.</summary>
public enum RdbVerdict
{
    /// <summary>Whole, and its bytes are those that the server wrote: the checksum says so.</summary>
    Verified,

    /// <summary>Whole, but nothing proves its bytes: it carries no checksum.</summary>
    Unverified,

    /// <summary>Not what any server wrote.</summary>
    Damaged,

    /// <summary>May be good, but is of a version or holds a type that is not known here.</summary>
    Unsupported,
}
