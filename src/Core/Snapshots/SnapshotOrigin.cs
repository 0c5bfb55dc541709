using CacheBackup.Core.Model;

namespace CacheBackup.Core.Snapshots;

/// <summary>What one transfer of a shard's bytes stands for.</summary>
public sealed record SnapshotOrigin
{
    public required CacheEngine Engine { get; init; }

    public required CacheVersion Version { get; init; }

    public required string RunId { get; init; }

    /// <summary>The server's clock when the snapshot was asked for.</summary>
    public required DateTimeOffset ServerTime { get; init; }

    /// <summary>Server time minus ours.</summary>
    public required TimeSpan ClockOffset { get; init; }

    /// <summary><c>point-in-time</c>, <c>per-key</c> or <c>per-item</c>.</summary>
    public required SnapshotConsistency Consistency { get; init; }

    /// <summary>How the bytes came, in one readable line: "replication (diskless, rdb-only)".</summary>
    public required string Method { get; init; }

    /// <summary>What the server used for its data, where the file itself does not say it.</summary>
    public long? UsedMemoryBytes { get; init; }

    /// <summary>Of a scan that has ended: what changed meanwhile.</summary>
    public ScanReport? Scan { get; init; }
}
