using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Snapshots;

/// <summary>How a snapshot is taken.</summary>
public sealed record SnapshotOptions
{
    public static SnapshotOptions Default { get; } = new();

    /// <summary>Part size, parallelism and the estimate: they make the memory bill.</summary>
    public SegmentUploaderOptions Upload { get; init; } = new();

    public SegmentIndexerOptions Segments { get; init; } = SegmentIndexerOptions.Default;

    /// <summary>
    /// Whether every value is decoded as well and all structure inside of it checked: for a file from outside, whose checksum proves nothing.
    /// Default false.
    /// </summary>
    public bool DecodeValues { get; init; }

    /// <summary>Of a shard of a cluster: what it owns. Keys of other slots are counted. Null: nothing is.</summary>
    public SlotSet? Slots { get; init; }

    /// <summary>
    /// The longest time for which the source may be left unread because the store takes nothing: 1–30 s. A server keeps its child process and
    /// its copy of changed memory for as long, and cuts a replica after 60 s.
    /// </summary>
    public TimeSpan StoreStallLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The usual ones for what such a cache sends.</summary>
    /// <param name="engine">Null: not told, which Memcached always is.</param>
    public static SnapshotOptions Of(CacheEngine? engine) => engine == CacheEngine.Memcached
        ? Default with { Segments = SegmentIndexerOptions.Default with { Magic = RdbMagic.Memcached } }
        : Default;

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public void Validate()
    {
        Upload.Validate();
        Segments.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(StoreStallLimit, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(StoreStallLimit, TimeSpan.FromSeconds(30));
    }
}
