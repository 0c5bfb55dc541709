using System.Globalization;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Segments;

/// <summary>
/// The stored form of a <see cref="SegmentIndex"/>. Offsets of segments are not stored: they follow from the lengths, and so cannot contradict them.
/// </summary>
internal sealed record SegmentIndexDocument
{
    public required int Version { get; init; }

    public required string RdbVersion { get; init; }

    public required long SizeBytes { get; init; }

    public required IReadOnlyList<StoredSegment> Segments { get; init; }

    public required IReadOnlyList<StoredLargeEntry> LargeEntries { get; init; }

    public required IReadOnlyList<StoredFunction> Functions { get; init; }

    public static SegmentIndexDocument From(SegmentIndex index) => new()
    {
        Version = SegmentIndex.FormatVersion,
        RdbVersion = index.RdbVersion.ToString(),
        SizeBytes = index.SizeBytes,
        Segments =
        [
            .. index.Segments.Select(s => new StoredSegment(
                NameOf(s.Kind),
                s.LengthBytes,
                s.Database,
                s.Keys,
                s.Sha256.ToString(),
                s.Crc64.ToString("x16", CultureInfo.InvariantCulture))),
        ],
        LargeEntries =
        [
            .. index.LargeEntries.Select(e => new StoredLargeEntry(
                e.Segment,
                e.OffsetBytes,
                e.KeyOffsetBytes,
                e.KeyLengthBytes,
                e.ValueOffsetBytes,
                e.ValueLengthBytes,
                (int)e.Type,
                e.ItemCount)),
        ],
        Functions = [.. index.Functions.Select(f => new StoredFunction(f.OffsetBytes, f.SourceLengthBytes))],
    };

    /// <exception cref="SegmentIndexException">A fact cannot be, or contradicts another.</exception>
    public SegmentIndex ToIndex()
    {
        SegmentIndex index = ToPart();
        SegmentIndexCheck.Require(index);
        return index;
    }

    /// <summary>The same of a file that is not whole yet: what the facts make up is the caller's to know.</summary>
    /// <exception cref="SegmentIndexException">A fact cannot be.</exception>
    public SegmentIndex ToPart()
    {
        if (Version != SegmentIndex.FormatVersion)
        {
            throw new SegmentIndexException($"its version is {Version}, and only {SegmentIndex.FormatVersion} is known");
        }

        foreach (object? described in LargeEntries.Concat<object?>(Functions))
        {
            RequirePresent(described);
        }

        return new SegmentIndex
        {
            RdbVersion = Rdb.RdbVersion.TryParseText(RdbVersion, out var version)
                ? version
                : throw new SegmentIndexException("its RDB version is none"),
            SizeBytes = SizeBytes,
            Segments = ToSegments(),
            LargeEntries =
            [
                .. LargeEntries.Select(e => new LargeEntry
                {
                    Segment = e.Segment,
                    OffsetBytes = e.OffsetBytes,
                    KeyOffsetBytes = e.KeyOffsetBytes,
                    KeyLengthBytes = e.KeyLengthBytes,
                    ValueOffsetBytes = e.ValueOffsetBytes,
                    ValueLengthBytes = e.ValueLengthBytes,
                    Type = e.Type is >= 0 and <= byte.MaxValue ? (RdbType)e.Type : throw new SegmentIndexException("a type is none"),
                    ItemCount = e.ItemCount,
                }),
            ],
            Functions = [.. Functions.Select(f => new FunctionLibrary(f.OffsetBytes, f.SourceLengthBytes))],
        };
    }

    private static string NameOf(SegmentKind kind) => kind switch
    {
        SegmentKind.Header => "header",
        SegmentKind.Entries => "entries",
        SegmentKind.Large => "large",
        _ => "trailer",
    };

    private static SegmentKind KindOf(string name) => name switch
    {
        "header" => SegmentKind.Header,
        "entries" => SegmentKind.Entries,
        "large" => SegmentKind.Large,
        "trailer" => SegmentKind.Trailer,
        _ => throw new SegmentIndexException("a segment is of no known kind"),
    };

    private static ulong CrcOf(string text) =>
        text.Length == 16 && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong crc)
            ? crc
            : throw new SegmentIndexException("a CRC-64 is not 16 hexadecimal digits");

    private static void RequirePresent(object? item)
    {
        if (item is null)
        {
            throw new SegmentIndexException("an item of a list is null");
        }
    }

    private List<Segment> ToSegments()
    {
        var segments = new List<Segment>(Segments.Count);
        long offset = 0;
        foreach (var stored in Segments)
        {
            RequirePresent(stored);
            segments.Add(new Segment
            {
                Number = segments.Count,
                Kind = KindOf(stored.Kind),
                OffsetBytes = offset,
                LengthBytes = stored.LengthBytes,
                Database = stored.Database,
                Keys = stored.Keys,
                Sha256 = Sha256Digest.TryParse(stored.Sha256, out var digest)
                    ? digest
                    : throw new SegmentIndexException("a SHA-256 is not 64 hexadecimal digits"),
                Crc64 = CrcOf(stored.Crc64),
            });
            offset = unchecked(offset + stored.LengthBytes);
        }

        return segments;
    }

    internal sealed record StoredSegment(string Kind, long LengthBytes, int Database, long Keys, string Sha256, string Crc64);

    internal sealed record StoredLargeEntry(
        int Segment,
        long OffsetBytes,
        long KeyOffsetBytes,
        int KeyLengthBytes,
        long ValueOffsetBytes,
        long ValueLengthBytes,
        int Type,
        long ItemCount);

    internal sealed record StoredFunction(long OffsetBytes, int SourceLengthBytes);
}
