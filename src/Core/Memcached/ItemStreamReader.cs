using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Memcached;

/// <summary>
/// Reads a stream of items (docs/memcached.md): <c>mn</c>, then for each item an <see cref="ItemHead"/> line, the value and a line end,
/// then <c>mn</c>. An item is told as an entry of type string in database 0 whose value is its bytes as a client knows them. Strict: what
/// <see cref="ItemStreamWriter"/> would not write is refused. Memory: one line, at most <see cref="ItemHead.MaxLineBytes"/>, whatever the
/// input states.
/// </summary>
internal sealed class ItemStreamReader : IEntryReader
{
    private readonly RdbHandler _handler;
    private readonly bool _isSegment;
    private readonly long _startOffsetBytes;
    private readonly long _endOffsetBytes;
    private readonly DateTimeOffset? _asOf;
    private readonly byte[] _line = new byte[ItemHead.MaxLineBytes];
    private readonly byte[] _key = new byte[ItemKey.MaxBytes];

    private State _state;
    private State _failedIn;
    private long _offsetBytes;
    private int _lineBytes;
    private long _valueBytes;
    private long _valueLeft;
    private int _ends;
    private long _keys;
    private long _keysWithExpiry;
    private long _expiredKeys;
    private long _largestBytes;

    /// <param name="handler">Is told everything, in the order of the file.</param>
    public ItemStreamReader(RdbHandler handler, RdbReaderOptions options)
        : this(handler, options, 0, isSegment: false)
    {
    }

    private ItemStreamReader(RdbHandler handler, RdbReaderOptions options, long offsetBytes, bool isSegment)
    {
        _handler = handler;
        _isSegment = isSegment;
        _startOffsetBytes = offsetBytes;
        _offsetBytes = offsetBytes;
        _endOffsetBytes = options.EndOffsetBytes ?? long.MaxValue;
        _asOf = options.AsOf;
        _state = isSegment ? State.Line : State.Header;
    }

    private ItemStreamReader(RdbHandler handler, RdbReaderOptions options, RdbSummary soFar)
        : this(handler, options, soFar.SizeBytes, isSegment: false)
    {
        (_startOffsetBytes, _state, _asOf) = (0, State.Line, soFar.AsOf ?? options.AsOf);
        (_keys, _keysWithExpiry, _expiredKeys, _largestBytes) = (soFar.Keys, soFar.KeysWithExpiry, soFar.ExpiredKeys, soFar.LargestItemBytes ?? 0);
    }

    private enum State
    {
        Header,

        /// <summary>An item's line, or the end.</summary>
        Line,
        Value,
        ValueEnd,
        End,
        Failed,
    }

    public long OffsetBytes => _offsetBytes;

    public RdbVersion Version => _state == State.Header || (_state == State.Failed && _failedIn == State.Header) ? default : RdbVersion.ItemStream;

    public long Keys => _keys;

    public bool HasEnded => _state == State.End;

    public long SettledOffsetBytes => _state == State.Line ? _offsetBytes - _lineBytes : _offsetBytes;

    public int Database => 0;

    public bool IsBetweenEntries => _state == State.Line && _lineBytes == 0;

    /// <summary>A reader that begins at an item. Its input may end after any item, or go on to the end of the file.</summary>
    public static ItemStreamReader ForSegment(RdbHandler handler, long offsetBytes, RdbReaderOptions options) =>
        new(handler, options, offsetBytes, isSegment: true);

    /// <summary>A reader that goes on to the end of a stream whose beginning another has read up to between two items.</summary>
    public static ItemStreamReader Resume(RdbHandler handler, RdbSummary soFar, RdbReaderOptions options) => new(handler, options, soFar);

    public void Read(ReadOnlySpan<byte> chunk)
    {
        if (_state == State.Failed)
        {
            throw new InvalidOperationException("This reader has met an error; what follows cannot be understood");
        }

        try
        {
            while (!chunk.IsEmpty)
            {
                int taken = Step(chunk);
                _offsetBytes += taken;
                chunk = chunk[taken..];
                EndIfWhole();
            }
        }
        catch
        {
            (_failedIn, _state) = (_state, State.Failed);
            throw;
        }
    }

    public RdbFormatException? FindCut()
    {
        if (_state == State.End || (_isSegment && _state == State.Line && _lineBytes == 0))
        {
            return null;
        }

        string what = _state switch
        {
            State.Header => "in its first line",
            State.Value or State.ValueEnd => "inside a value",
            _ when _lineBytes == 0 => "where another item or its last line must follow",
            _ => "inside a line",
        };
        return new RdbFormatException(RdbError.UnexpectedEnd, _offsetBytes, $"The stream of items ends {what}");
    }

    public RdbSummary Complete()
    {
        if (_state == State.Failed)
        {
            throw new InvalidOperationException("This reader has met an error; there is nothing to complete");
        }

        return FindCut() is { } error ? throw error : Summarize(0);
    }

    public RdbSummary Complete(ulong crc64) => Complete() with { Crc64 = crc64 };

    public RdbSummary SummarizeSoFar() => Summarize(0);

    /// <returns>How much of the chunk was read: at least one byte.</returns>
    private int Step(ReadOnlySpan<byte> chunk) => _state switch
    {
        State.Header or State.Line => TakeLine(chunk),
        State.Value => TakeValue(chunk),
        State.ValueEnd => TakeValueEnd(chunk),
        _ => throw new RdbFormatException(RdbError.TrailingBytes, _offsetBytes, "Bytes follow the last line of the stream of items"),
    };

    private int TakeLine(ReadOnlySpan<byte> chunk)
    {
        int room = _line.Length - _lineBytes;
        int end = chunk[..Math.Min(chunk.Length, room)].IndexOf((byte)'\n');
        int taken = end < 0 ? Math.Min(chunk.Length, room) : end + 1;
        if (_lineBytes == 0 && end >= 0)
        {
            // Usual, and the only way to a key that its reader need not copy.
            ReadLine(chunk[..taken], _offsetBytes);
            return taken;
        }

        chunk[..taken].CopyTo(_line.AsSpan(_lineBytes));
        long lineOffset = _offsetBytes - _lineBytes;
        _lineBytes += taken;
        if (end >= 0)
        {
            int length = _lineBytes;
            ReadLine(_line.AsSpan(0, length), lineOffset);
            _lineBytes = 0;
        }
        else if (_lineBytes == _line.Length || !MayBegin(_line.AsSpan(0, _lineBytes)))
        {
            throw NoItem(lineOffset);
        }

        return taken;
    }

    /// <summary>What begins otherwise is found at once, not when a line's length has gone by.</summary>
    private bool MayBegin(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> item = "ms "u8;
        ReadOnlySpan<byte> end = "mn\r\n"u8;
        return line.StartsWith(end[..Math.Min(line.Length, end.Length)])
            || (_state == State.Line && line.StartsWith(item[..Math.Min(line.Length, item.Length)]));
    }

    private void ReadLine(ReadOnlySpan<byte> line, long offset)
    {
        if (line.SequenceEqual("mn\r\n"u8))
        {
            if (_state == State.Header)
            {
                _state = State.Line;
                _handler.OnHeader(RdbVersion.ItemStream);
                return;
            }

            _state = State.End;
            _handler.OnEnd(offset);
            return;
        }

        if (_state == State.Header)
        {
            throw NoItem(offset);
        }

        if (!line.EndsWith("\r\n"u8) || !ItemHead.TryRead(line[..^2], out ItemHead head, out int nameLength, out bool isEncoded))
        {
            throw NoItem(offset);
        }

        ReadOnlySpan<byte> key = line.Slice(3, nameLength);
        if (isEncoded)
        {
            if (!ItemKey.TryDecode(key, _key, out int length))
            {
                throw Bad(offset + 3, "A key is not encoded as it must be");
            }

            key = _key.AsSpan(0, length);
        }
        else if (!ItemKey.IsPlain(key))
        {
            throw Bad(offset + 3, "A key holds bytes that no command can");
        }

        Begin(head, key, offset, offset + line.Length);
    }

    private void Begin(in ItemHead head, ReadOnlySpan<byte> key, long offset, long valueOffset)
    {
        if (head.LengthBytes > _endOffsetBytes - valueOffset - 2)
        {
            throw new RdbFormatException(RdbError.LengthTooLarge, offset, "A value is longer than what follows");
        }

        long? expiry = head.ExpireAtSeconds == 0 ? null : head.ExpireAtSeconds * 1000;
        _keys++;
        _keysWithExpiry += expiry is null ? 0 : 1;
        _expiredKeys += expiry <= _asOf?.ToUnixTimeMilliseconds() ? 1 : 0;
        _largestBytes = Math.Max(_largestBytes, key.Length + head.LengthBytes);
        _valueBytes = head.LengthBytes;
        _valueLeft = head.LengthBytes;
        _ends = 0;
        _state = _valueLeft == 0 ? State.ValueEnd : State.Value;
        _handler.OnEntryStart(new RdbEntryStart(0, RdbType.String, expiry, null, null, offset, offset + 3, valueOffset, head.Flags), key);
    }

    private int TakeValue(ReadOnlySpan<byte> chunk)
    {
        int taken = (int)Math.Min(chunk.Length, _valueLeft);
        _handler.OnValue(chunk[..taken]);
        _valueLeft -= taken;
        if (_valueLeft == 0)
        {
            _state = State.ValueEnd;
        }

        return taken;
    }

    private int TakeValueEnd(ReadOnlySpan<byte> chunk)
    {
        if (chunk[0] != "\r\n"u8[_ends])
        {
            throw Bad(_offsetBytes, "A value is not followed by a line end");
        }

        _ends++;
        return 1;
    }

    /// <summary>When the bytes of its line end have been counted: the item ends after them.</summary>
    private void EndIfWhole()
    {
        if (_state == State.ValueEnd && _ends == 2)
        {
            _state = State.Line;
            _ends = 0;
            _handler.OnEntryEnd(new RdbEntryEnd(_offsetBytes, _valueBytes, 1));
        }
    }

    private RdbSummary Summarize(ulong crc64) => new()
    {
        Version = RdbVersion.ItemStream,
        Auxiliary = new Dictionary<string, string>(),
        CreatedAt = null,
        UsedMemoryBytes = null,
        AsOf = _asOf,
        Keys = _keys,
        ExpiredKeys = _expiredKeys,
        KeysWithExpiry = _keysWithExpiry,
        Types = _keys == 0 ? new Dictionary<RdbType, long>() : new Dictionary<RdbType, long> { [RdbType.String] = _keys },
        Opcodes = new Dictionary<RdbOpcode, long>(),
        Databases = _keys == 0 ? [] : [new RdbDatabaseSummary(0, _keys, _keysWithExpiry, _expiredKeys)],
        Functions = 0,
        ModuleAuxiliary = [],
        SizeBytes = _offsetBytes - _startOffsetBytes,
        Crc64 = crc64,
        CrcState = _isSegment ? RdbCrcState.Segment : RdbCrcState.Absent,
        LargestItemBytes = _largestBytes,
    };

    /// <summary>The same however the line comes, whole or in pieces.</summary>
    private RdbFormatException NoItem(long offset) => _state == State.Header
        ? new RdbFormatException(RdbError.BadMagic, offset, "The file does not begin as a stream of items does, with the line \"mn\"")
        : Bad(offset, "A line is not that of an item");

    private static RdbFormatException Bad(long offset, string message) => new(RdbError.BadItem, offset, message);
}
