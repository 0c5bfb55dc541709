using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Segments;

/// <summary>What an indexer knows of the beginning of a file that it was left in between two entries: another goes on from it.</summary>
public sealed record IndexedSoFar
{
    /// <summary>What was counted; its checksum is none.</summary>
    public required RdbSummary Summary { get; init; }

    /// <summary>The database that is selected.</summary>
    public required int Database { get; init; }

    /// <summary>They tile the beginning: the last one was ended early.</summary>
    public required IReadOnlyList<Segment> Segments { get; init; }

    public required IReadOnlyList<LargeEntry> LargeEntries { get; init; }

    public required IReadOnlyList<FunctionLibrary> Functions { get; init; }

    public long SizeBytes => Summary.SizeBytes;

    /// <summary>Of a file that was read to its end, and whose checksum was found to be right.</summary>
    public static IndexedSoFar Of(IndexedContent content) => new()
    {
        Summary = content.Summary,
        Database = 0,
        Segments = content.Index.Segments,
        LargeEntries = content.Index.LargeEntries,
        Functions = content.Index.Functions,
    };

    /// <summary>The same of such a file, back.</summary>
    public IndexedContent ToContent() => new()
    {
        Index = new SegmentIndex
        {
            RdbVersion = Summary.Version,
            SizeBytes = SizeBytes,
            Segments = Segments,
            LargeEntries = LargeEntries,
            Functions = Functions,
        },
        Summary = Summary with
        {
            Crc64 = FileChecksum.Of(Segments, Summary.Version),
            CrcState = Summary.Version switch
            {
                { Magic: RdbMagic.Memcached } => RdbCrcState.Absent,
                { HasChecksum: true } => RdbCrcState.Verified,
                _ => RdbCrcState.OlderVersion,
            },
        },
        Sha256 = null,
        ContentDigest = ContentDigest.Of(Segments),
    };
}
