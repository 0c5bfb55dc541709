namespace CacheBackup.Core.Snapshots;

/// <summary>What is wrong with a stored data file. Persisted by name.</summary>
public enum VerifyFindingKind
{
    /// <summary>The data object is not there.</summary>
    Missing,

    /// <summary>Its length is not the recorded one; nothing further was looked at.</summary>
    Length,

    /// <summary>The index contradicts what was recorded of the file.</summary>
    Index,

    /// <summary>A segment's bytes do not have the SHA-256 or the CRC-64 that the index states.</summary>
    Segment,

    /// <summary>The CRC-64 of the whole is not the recorded one.</summary>
    Crc64,

    /// <summary>The SHA-256 of the whole is not the recorded one.</summary>
    Sha256,
}
