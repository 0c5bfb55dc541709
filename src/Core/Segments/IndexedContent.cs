using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Segments;

/// <summary>All that one pass over a file has found out about it.</summary>
public sealed record IndexedContent
{
    public required SegmentIndex Index { get; init; }

    public required RdbSummary Summary { get; init; }

    /// <summary>Of the whole file; null if the indexer was told not to compute it.</summary>
    public required Sha256Digest? Sha256 { get; init; }

    public required Sha256Digest ContentDigest { get; init; }

    /// <summary>
    /// Over everything but the eight bytes that state it, as the file itself counts. (Over those as well it would be zero for every good file.)
    /// </summary>
    public ulong Crc64 => Summary.Crc64;

    public long SizeBytes => Summary.SizeBytes;

    public int FunctionLibraries => Index.Functions.Count;
}
