using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Segments;

/// <summary>How a <see cref="SegmentIndexer"/> cuts.</summary>
public sealed record SegmentIndexerOptions
{
    public static SegmentIndexerOptions Default { get; } = new();

    /// <summary>
    /// A segment ends at the first entry after this many bytes. Default 8 MiB: a range that one request fetches and one worker restores in seconds.
    /// Range 1 KiB – 1 GiB.
    /// </summary>
    public int TargetBytes { get; init; } = 8 << 20;

    /// <summary>
    /// An entry longer than this is a segment of its own. Default 1 MiB. Range 1 KiB – 64 MiB: as much is held until an entry's length is known.
    /// </summary>
    public int LargeEntryBytes { get; init; } = 1 << 20;

    /// <summary>Whether to compute the SHA-256 of the whole file as well, which is half of the hashing. Default true.</summary>
    public bool HashWhole { get; init; } = true;

    /// <summary>What the file is: <see cref="RdbMagic.Memcached"/>, or else an RDB file of any magic. Default: an RDB file.</summary>
    public RdbMagic Magic { get; init; }

    public RdbReaderOptions Reader { get; init; } = RdbReaderOptions.Default;

    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(TargetBytes, 1 << 10);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(TargetBytes, 1 << 30);
        ArgumentOutOfRangeException.ThrowIfLessThan(LargeEntryBytes, 1 << 10);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(LargeEntryBytes, 64 << 20);
    }
}
