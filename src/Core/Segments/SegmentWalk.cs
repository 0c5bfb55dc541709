using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Segments;

/// <summary>
/// One pass over a data file that is pushed in: it checks the file's structure and says where segments begin and end. Their digests are
/// computed by others (<see cref="SegmentDigester"/>), on other processors where there are some, and given back to
/// <see cref="Complete(IReadOnlyList{Segment}, Sha256Digest?)"/>.
/// </summary>
/// <remarks>Not for use by two threads at once. Memory: a key, and about 100 bytes a segment that was not taken.</remarks>
public sealed class SegmentWalk
{
    private readonly SegmentCutter _cutter;
    private readonly IEntryReader _reader;

    /// <param name="options">Whether the whole is hashed as well is not this pass's concern.</param>
    /// <param name="also">Is told what the reader tells, so that one pass serves both.</param>
    public SegmentWalk(SegmentIndexerOptions options, RdbHandler? also = null)
    {
        options.Validate();
        _cutter = new SegmentCutter(options, also);
        _reader = IEntryReader.OfFile(options.Magic, _cutter, options.Reader);
    }

    /// <summary>Goes on to the end of a file whose beginning another has walked over.</summary>
    internal SegmentWalk(SegmentIndexerOptions options, IndexedSoFar soFar)
    {
        options.Validate();
        _cutter = new SegmentCutter(options, soFar);
        _reader = IEntryReader.Resume(_cutter, soFar.Summary, soFar.Database, options.Reader);
    }

    /// <summary>How far the file has been read.</summary>
    public long OffsetBytes => _reader.OffsetBytes;

    /// <summary>The file's version, once its header has been read.</summary>
    public RdbVersion Version => _reader.Version;

    /// <summary>Entries seen so far.</summary>
    public long Keys => _reader.Keys;

    /// <summary>Reads the next bytes of the file.</summary>
    /// <exception cref="RdbFormatException">The bytes are not a good file, or some follow its end.</exception>
    public void Append(ReadOnlySpan<byte> chunk) => _reader.Read(chunk);

    /// <summary>The next segment whose end was seen.</summary>
    public bool TryTake(out SegmentCut cut) => _cutter.Cuts.TryDequeue(out cut);

    /// <summary>The last segment, the file having ended where it is.</summary>
    /// <exception cref="RdbFormatException">The file is not whole.</exception>
    public SegmentCut TakeLast()
    {
        if (_reader.FindCut() is { } error)
        {
            throw error;
        }

        return _cutter.Last(_reader.OffsetBytes);
    }

    /// <summary>To be called when every segment was taken and digested.</summary>
    /// <param name="segments">All of them, in order.</param>
    /// <param name="sha256">Of the whole file, where somebody computed it.</param>
    /// <exception cref="RdbFormatException">The file's checksum is wrong.</exception>
    public IndexedContent Complete(IReadOnlyList<Segment> segments, Sha256Digest? sha256)
    {
        RdbSummary summary = _reader.Complete(FileChecksum.Of(segments, Version));
        return new IndexedContent
        {
            Index = new SegmentIndex
            {
                RdbVersion = summary.Version,
                SizeBytes = summary.SizeBytes,
                Segments = segments,
                LargeEntries = _cutter.LargeEntries,
                Functions = _cutter.Functions,
            },
            Summary = summary,
            Sha256 = sha256,
            ContentDigest = ContentDigest.Of(segments),
        };
    }

    /// <summary>Ends the segment at hand where the file is left: between two entries, and not at its end.</summary>
    /// <exception cref="InvalidOperationException">It is not between two entries.</exception>
    internal void Leave()
    {
        if (!_reader.IsBetweenEntries)
        {
            throw new InvalidOperationException("A file is left between two of its entries alone");
        }

        _cutter.Leave(_reader.OffsetBytes);
    }

    /// <summary>What another needs to go on, once all of the segments before were taken and digested.</summary>
    internal IndexedSoFar SoFar(IReadOnlyList<Segment> segments) => new()
    {
        Summary = _reader.SummarizeSoFar(),
        Database = _reader.Database,
        Segments = segments,
        LargeEntries = [.. _cutter.LargeEntries],
        Functions = [.. _cutter.Functions],
    };

    /// <summary>To be called instead by who needs no index.</summary>
    /// <param name="segments">Of all that were taken, in order.</param>
    /// <exception cref="RdbFormatException">The file's checksum is wrong.</exception>
    public RdbSummary Complete(IEnumerable<SegmentChecksum> segments) => _reader.Complete(FileChecksum.Of(segments, Version));

    /// <summary>Up to where it is settled which segment a byte belongs to.</summary>
    internal long SettledOffsetBytes => _cutter.SettledOffsetBytes(_reader.SettledOffsetBytes);

    internal bool HasEnded => _reader.HasEnded;

    /// <summary>What an error that this pass has thrown means for the file.</summary>
    public RdbVerification Judge(RdbFormatException error) => RdbVerification.Bad(_reader, error);
}
