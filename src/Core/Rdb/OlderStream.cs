using System.Buffers;

namespace CacheBackup.Core.Rdb;

/// <summary>
/// Writes a stream as an older type of stream: entries, groups and what is pending stay byte for byte as they are stored, and the numbers that the
/// older type lacks are left out. Type 21 keeps each consumer's active time above 19, which keeps counters of entries above 15. (valkey
/// <c>src/rdb.c</c>, rdbSaveObject and rdbLoadObject.) Not for use by two threads at once.
/// </summary>
internal sealed class OlderStream
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly List<(long Begin, long End)> _dropped = [];
    private ValueWalk _walk;
    private bool _dropsCounters;
    private bool _dropsActiveTime;
    private long? _dropsFrom;

    /// <summary>Writes a stream anew; what comes out is never longer than what went in, and is valid until the next call.</summary>
    /// <param name="type">19 or 21.</param>
    /// <param name="stored">A whole value of it.</param>
    /// <param name="older">19 or 15.</param>
    /// <exception cref="RdbFormatException">The value is not whole.</exception>
    public ReadOnlyMemory<byte> Write(RdbType type, ReadOnlySpan<byte> stored, RdbType older)
    {
        _output.ResetWrittenCount();
        _dropsCounters = older == RdbType.Stream;
        _dropsActiveTime = older != RdbType.Stream3;
        _dropped.Clear();
        _dropsFrom = null;
        _walk.Begin(ValueShape.Of(type, RdbMagic.Redis)!.Value, type, stored.Length);
        var window = new ByteWindow(stored, 0);
        var visitor = new Visitor(this);
        if (!_walk.Advance(ref window, ref visitor) || window.Position < stored.Length)
        {
            throw new RdbFormatException(RdbError.UnexpectedEnd, window.Position, "A stream ends before it is whole, or goes on after its end");
        }

        long from = 0;
        foreach ((long begin, long end) in _dropped)
        {
            _output.Write(stored[(int)from..(int)begin]);
            from = end;
        }

        _output.Write(stored[(int)from..]);
        return _output.WrittenMemory;
    }

    private bool IsDropped(ValueStep step) => step switch
    {
        (>= ValueStep.StreamFirstMilliseconds and <= ValueStep.StreamEntriesAdded) or ValueStep.GroupEntriesRead => _dropsCounters,
        ValueStep.ConsumerActiveTime => _dropsActiveTime,
        _ => false,
    };

    /// <summary>A token begins: one that is dropped reaches up to here.</summary>
    private void Meet(long offsetBytes)
    {
        if (_dropsFrom is { } begin)
        {
            _dropped.Add((begin, offsetBytes));
        }

        _dropsFrom = IsDropped(_walk.Step) ? offsetBytes : null;
    }

    private readonly struct Visitor(OlderStream stream) : IValueVisitor
    {
        public void Text(in StringToken token, ReadOnlySpan<byte> stored, long offsetBytes) => stream.Meet(offsetBytes);

        public void TextStart(in StringToken token, long offsetBytes) => stream.Meet(offsetBytes);

        public void TextPart(ReadOnlySpan<byte> stored)
        {
        }

        public void TextEnd()
        {
        }

        public void Number(ulong number, long offsetBytes) => stream.Meet(offsetBytes);

        public void Fixed(ReadOnlySpan<byte> bytes, long offsetBytes) => stream.Meet(offsetBytes);
    }
}
