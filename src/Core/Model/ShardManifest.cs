using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Model;

/// <summary>One shard's data file: where it is, what its bytes are, what is in it and what moment it stands for.</summary>
public sealed record ShardManifest
{
    /// <summary>1–500.</summary>
    public required int Number { get; init; }

    public required ObjectKey DataKey { get; init; }

    public required ObjectKey IndexKey { get; init; }

    public required long SizeBytes { get; init; }

    /// <summary>Redis's CRC-64 of all bytes before the trailer's, 16 hexadecimal digits.</summary>
    public required string Crc64 { get; init; }

    /// <summary>False: the server wrote no checksum into the file (<c>rdbchecksum no</c>); our digests still hold its bytes.</summary>
    public required bool CrcVerified { get; init; }

    /// <summary>SHA-256 of the whole file, lower-case hexadecimal; null where no single call wrote it: <see cref="ContentDigest"/> stands for its bytes.</summary>
    public string? Sha256 { get; init; }

    /// <summary>SHA-256 over the ordered (length, digest) list of the segments, lower-case hexadecimal.</summary>
    public required string ContentDigest { get; init; }

    public required int Segments { get; init; }

    /// <summary>The file's format. Of an RDB file as its magic says it: <c>REDIS0010</c>; <c>MEMCACHED1</c> is a stream of items.</summary>
    public required string RdbVersion { get; init; }

    public required long Keys { get; init; }

    /// <summary>Of those, keys that had logically expired at <see cref="ServerTime"/>.</summary>
    public required long ExpiredKeys { get; init; }

    public required long KeysWithExpiry { get; init; }

    /// <summary>Keys by RDB type name.</summary>
    public required IReadOnlyDictionary<string, long> KeysByType { get; init; }

    public required IReadOnlyList<DatabaseContent> Databases { get; init; }

    public required int FunctionLibraries { get; init; }

    /// <summary>Key and value of the largest of Memcached's items. Null: the file is not of such.</summary>
    public long? LargestItemBytes { get; init; }

    /// <summary>What the server used when it wrote the data, where it says.</summary>
    public long? UsedMemoryBytes { get; init; }

    public required CacheEngine Engine { get; init; }

    public required CacheVersion ServerVersion { get; init; }

    public required string Method { get; init; }

    public required SnapshotConsistency Consistency { get; init; }

    /// <summary>From asking for the data to the store's last acknowledgement; null in manifests of before it was recorded.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Of a scan: what changed meanwhile. Null for other ways.</summary>
    public ScanReport? Scan { get; init; }

    /// <summary>Of a shard of a cluster that was streamed: what it owned and where it was. Null for others.</summary>
    public ShardCluster? Cluster { get; init; }

    public required DateTimeOffset ServerTime { get; init; }

    /// <summary>Server time minus ours.</summary>
    public required TimeSpan ClockOffset { get; init; }
}
