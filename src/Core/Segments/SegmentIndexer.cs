using System.Buffers;
using System.Security.Cryptography;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Segments;

/// <summary>
/// One pass over an RDB file that is pushed in: it checks the file (<see cref="SegmentWalk"/>), cuts it into segments, and computes each segment's
/// SHA-256 and CRC-64 and the whole file's. Memory: at most <see cref="SegmentIndexerOptions.LargeEntryBytes"/>, a key twice, and about 300 bytes
/// a segment.
/// </summary>
/// <remarks>Not for use by two threads at once.</remarks>
public sealed class SegmentIndexer : IDisposable
{
    private readonly SegmentWalk _walk;
    private readonly SegmentDigester _digester = new();
    private readonly IncrementalHash? _wholeHash;
    private readonly List<Segment> _segments = [];

    /// <summary>The beginning of an entry that came in earlier chunks and may yet become a segment of its own.</summary>
    private readonly ArrayBufferWriter<byte> _unsettled = new();

    private long _hashedOffsetBytes;

    /// <param name="options">Null: the defaults.</param>
    /// <param name="also">Is told what the reader tells, so that one pass serves both.</param>
    public SegmentIndexer(SegmentIndexerOptions? options = null, RdbHandler? also = null)
    {
        options ??= SegmentIndexerOptions.Default;
        _walk = new SegmentWalk(options, also);
        _wholeHash = options.HashWhole ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
    }

    /// <summary>
    /// Goes on to the end of a file whose beginning another has indexed. No SHA-256 of the whole: its inner state cannot be carried from one process
    /// to the next.
    /// </summary>
    public SegmentIndexer(SegmentIndexerOptions options, IndexedSoFar soFar)
    {
        _walk = new SegmentWalk(options, soFar);
        _segments.AddRange(soFar.Segments);
        _hashedOffsetBytes = soFar.SizeBytes;
    }

    /// <summary>How far the file has been read.</summary>
    public long OffsetBytes => _walk.OffsetBytes;

    /// <summary>Entries seen so far.</summary>
    public long Keys => _walk.Keys;

    /// <summary>True once the end opcode and the checksum have been read.</summary>
    public bool HasEnded => _walk.HasEnded;

    /// <summary>Reads the next bytes of the file.</summary>
    /// <exception cref="RdbFormatException">The bytes are not a good file, or some follow its end.</exception>
    public void Append(ReadOnlySpan<byte> chunk)
    {
        long chunkOffset = _walk.OffsetBytes;
        _walk.Append(chunk);
        Hash(chunk, chunkOffset);
    }

    /// <summary>To be called when the file has ended.</summary>
    /// <exception cref="RdbFormatException">The file is not whole, or its checksum is wrong.</exception>
    public IndexedContent Complete()
    {
        _segments.Add(_digester.Finish(_walk.TakeLast()));
        return _walk.Complete(_segments, _wholeHash?.Finish());
    }

    /// <summary>To be called where the file is left, between two entries, for another to go on. The segment at hand ends here.</summary>
    /// <exception cref="InvalidOperationException">It is not between two entries.</exception>
    public IndexedSoFar Leave()
    {
        _walk.Leave();
        while (_walk.TryTake(out SegmentCut cut))
        {
            _segments.Add(_digester.Finish(cut));
        }

        return _walk.SoFar([.. _segments]);
    }

    public void Dispose()
    {
        _digester.Dispose();
        _wholeHash?.Dispose();
    }

    private void Hash(ReadOnlySpan<byte> chunk, long chunkOffset)
    {
        _wholeHash?.AppendData(chunk);
        long settled = _walk.SettledOffsetBytes;
        while (_walk.TryTake(out SegmentCut cut))
        {
            HashUpTo(cut.EndOffsetBytes, chunk, chunkOffset);
            _segments.Add(_digester.Finish(cut));
        }

        HashUpTo(settled, chunk, chunkOffset);
        int unsettled = (int)Math.Max(settled - chunkOffset, 0);
        if (unsettled < chunk.Length)
        {
            _unsettled.Write(chunk[unsettled..]);
        }
    }

    /// <summary>
    /// Hashes what has not been hashed up to <paramref name="offset"/>: first what was held of earlier chunks, which is always hashed whole or not at
    /// all (it is one entry), then from the chunk.
    /// </summary>
    private void HashUpTo(long offset, ReadOnlySpan<byte> chunk, long chunkOffset)
    {
        if (offset <= _hashedOffsetBytes)
        {
            return;
        }

        if (_unsettled.WrittenCount > 0)
        {
            HashSegment(_unsettled.WrittenSpan);
            _unsettled.ResetWrittenCount();
        }

        HashSegment(chunk[(int)(_hashedOffsetBytes - chunkOffset)..(int)(offset - chunkOffset)]);
    }

    private void HashSegment(ReadOnlySpan<byte> bytes)
    {
        _digester.Append(bytes);
        _hashedOffsetBytes += bytes.Length;
    }
}
