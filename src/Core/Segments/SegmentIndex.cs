using System.Buffers;
using System.Text.Json;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Segments;

/// <summary>
/// The segments of one data file, in order and without gaps from 0 to its size, with what must be known of large entries and where the function
/// libraries are. Kept as JSON beside the data, about 200 bytes a segment.
/// </summary>
public sealed record SegmentIndex
{
    /// <summary>The version of the stored form that is written, and the only one that is read.</summary>
    public const int FormatVersion = 1;

    public required RdbVersion RdbVersion { get; init; }

    public required long SizeBytes { get; init; }

    public required IReadOnlyList<Segment> Segments { get; init; }

    /// <summary>In the order of the file.</summary>
    public required IReadOnlyList<LargeEntry> LargeEntries { get; init; }

    public required IReadOnlyList<FunctionLibrary> Functions { get; init; }

    public long Keys => Segments.Sum(s => s.Keys);

    /// <summary>The digest that the segments' own make up.</summary>
    public Sha256Digest ContentDigest => Core.Segments.ContentDigest.Of(Segments);

    /// <summary>Reads what <see cref="WriteTo"/> wrote, and nothing else.</summary>
    /// <exception cref="SegmentIndexException">Another version, not JSON, an unknown or missing field, or facts that contradict each other.</exception>
    public static SegmentIndex Read(ReadOnlySpan<byte> json)
    {
        SegmentIndexDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(json, SegmentIndexJson.Default.SegmentIndexDocument);
        }
        catch (JsonException e)
        {
            throw new SegmentIndexException("it is not the JSON of an index", e);
        }

        return (document ?? throw new SegmentIndexException("it is empty")).ToIndex();
    }

    /// <exception cref="SegmentIndexException">The facts contradict each other.</exception>
    public void WriteTo(IBufferWriter<byte> destination)
    {
        SegmentIndexCheck.Require(this);
        using var writer = new Utf8JsonWriter(destination);
        JsonSerializer.Serialize(writer, SegmentIndexDocument.From(this), SegmentIndexJson.Default.SegmentIndexDocument);
    }

    /// <summary>The large entry that <paramref name="segment"/> is.</summary>
    /// <exception cref="InvalidOperationException">It is not one.</exception>
    public LargeEntry LargeEntryOf(Segment segment) => LargeEntries.First(e => e.Segment == segment.Number);
}
