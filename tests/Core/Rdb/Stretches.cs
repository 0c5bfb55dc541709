using CacheBackup.Core.Rdb;
using CacheBackup.Fuzz.Fingerprints;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>
/// A file in stretches of whole entries, of some KiB each: what a cut changes can only be near to it, so that a large file can be cut in
/// very many ways in little time. A file that is not longer than a few stretches is one.
/// </summary>
internal sealed class Stretches
{
    private const int StretchBytes = 4 << 10;
    private const int MostCuts = 40;

    private readonly byte[] _bytes;
    private readonly RdbVersion _version;
    private readonly List<(int Offset, int Database)> _starts;
    private readonly (UInt128 Told, UInt128 Elements)[] _whole;

    private Stretches(byte[] bytes, RdbVersion version, List<(int Offset, int Database)> starts)
    {
        _bytes = bytes;
        _version = version;
        _starts = starts;
        var reading = NewReading();
        _whole = [.. starts.Select((start, i) => Tell(reading, start, EndOf(i), []))];
    }

    public static Stretches Of(byte[] bytes)
    {
        var finder = new Finder();
        var reader = new RdbReader(finder);
        reader.Read(bytes);
        reader.Complete();
        return new Stretches(bytes, reader.Version, finder.Starts);
    }

    public FileFingerprint NewReading() => new(decodes: true) { Magic = _version.Magic };

    /// <summary>
    /// Reads one stretch cut at random, the same for the same number, and compares with what it tells when it comes whole.
    /// </summary>
    /// <returns>The number of cuts.</returns>
    public int RequireSame(FileFingerprint reading, string file, int way)
    {
        var random = new Random(way);
        int first = random.Next(_starts.Count);
        int start = _starts[first].Offset;
        int end = EndOf(first);
        int[] cuts = new int[random.Next(1, MostCuts)];
        for (int i = 0; i < cuts.Length; i++)
        {
            cuts[i] = random.Next(end - start + 1);
        }

        Array.Sort(cuts);
        var told = Tell(reading, _starts[first], end, cuts);
        Assert.True(_whole[first] == told, $"{file}, bytes {start} to {end}, cut at {string.Join(',', cuts)}");
        return cuts.Length;
    }

    private int EndOf(int stretch) => stretch + 1 < _starts.Count ? _starts[stretch + 1].Offset : _bytes.Length;

    private (UInt128 Told, UInt128 Elements) Tell(FileFingerprint reading, (int Offset, int Database) start, int end, int[] cuts)
    {
        reading.Reset();
        var reader = start.Offset == 0 ? new RdbReader(reading) : RdbReader.ForSegment(reading, _version, start.Database, start.Offset);
        int from = start.Offset;
        foreach (int cut in cuts)
        {
            reader.Read(_bytes.AsSpan(from, start.Offset + cut - from));
            from = start.Offset + cut;
        }

        reader.Read(_bytes.AsSpan(from, end - from));
        bool isWhole = start.Offset > 0 || end == _bytes.Length;
        Assert.True(!isWhole || reader.FindEndError() is null, "A stretch is not whole");
        Assert.Equal(end, reader.OffsetBytes);
        return reading.Value;
    }

    /// <summary>Where stretches begin: at the file's start, and at the first entry after so many bytes.</summary>
    private sealed class Finder : RdbHandler
    {
        public List<(int Offset, int Database)> Starts { get; } = [(0, 0)];

        public override void OnEntryStart(in RdbEntryStart entry, ReadOnlySpan<byte> key)
        {
            if (entry.OffsetBytes - Starts[^1].Offset >= StretchBytes)
            {
                Starts.Add(((int)entry.OffsetBytes, entry.Database));
            }
        }
    }
}
