namespace CacheBackup.Core.Rdb;

/// <summary>What the checksum at the end of a file says about it.</summary>
public enum RdbCrcState
{
    /// <summary>It is the CRC-64 of all bytes before it.</summary>
    Verified,

    /// <summary>It is zero: the server was told not to compute one (<c>rdbchecksum no</c>). The file may be good; nothing proves it.</summary>
    Zero,

    /// <summary>The version is older than checksums.</summary>
    OlderVersion,

    /// <summary>Only a segment was read, and the checksum covers the whole file.</summary>
    Segment,

    /// <summary>The format states none: a stream of Memcached's items.</summary>
    Absent,
}
