namespace CacheBackup.Core.Segments;

/// <summary>A byte range of a data file that begins at an entry and can be restored on its own. Segments tile the file.</summary>
public sealed record Segment
{
    /// <summary>Its place in the file, from 0.</summary>
    public required int Number { get; init; }

    public required SegmentKind Kind { get; init; }

    public required long OffsetBytes { get; init; }

    public required long LengthBytes { get; init; }

    /// <summary>The database that is selected where it begins; another may be selected further on.</summary>
    public required int Database { get; init; }

    public required long Keys { get; init; }

    public required Sha256Digest Sha256 { get; init; }

    /// <summary>Of this segment alone, starting from zero; those of all segments combine to that of the file.</summary>
    public required ulong Crc64 { get; init; }

    public long EndOffsetBytes => OffsetBytes + LengthBytes;
}
