using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Snapshots;

/// <summary>A snapshot that was taken: every byte was checked on its way and acknowledged.</summary>
public sealed record SnapshotResult
{
    public required SnapshotOrigin Origin { get; init; }

    /// <summary>
    /// Size, digests, counts and segments. A file without a checksum of its own (<see cref="Rdb.RdbCrcState.Zero"/>: the server has
    /// <c>rdbchecksum no</c>) is whole by its structure, and nothing proves its content.
    /// </summary>
    public required IndexedContent Content { get; init; }

    /// <summary>The stored data object; null where the snapshot went into a stream.</summary>
    public required ObjectTag? DataTag { get; init; }

    /// <summary>Of a shard of a cluster: keys of slots that it does not own.</summary>
    public long ForeignKeys { get; init; }

    /// <summary>From asking the source to the last acknowledgement.</summary>
    public required TimeSpan Duration { get; init; }
}
