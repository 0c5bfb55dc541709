using System.Buffers.Binary;

namespace CacheBackup.Core.Rdb;

/// <summary>
/// Walks an RDB file that is pushed in, in chunks of any size, and tells a <see cref="RdbHandler"/> what it meets. Values are passed through as
/// stored and never held: between two chunks it keeps a token of at most 256 bytes and, where a key or library is cut, what has come of that.
/// Reads RDB 1–12 and Valkey 80 and later, as long as it knows their types. (RDB; valkey <c>src/rdb.c</c>, redis <c>src/rdb.c</c>.)
/// </summary>
/// <remarks>
/// The CRC-64 is always computed, here or by the caller (<see cref="RdbReaderOptions.IsChecksumComputed"/>); whether the file states one to compare
/// it with is told by <see cref="RdbSummary.CrcState"/>. Structure inside of values is not looked at: that is <c>ValueDecoder</c>'s. Not for use by two
/// threads at once. After an exception it reads no more.
/// </remarks>
public sealed partial class RdbReader : IEntryReader
{
    private const int FooterBytes = 8;

    private readonly RdbHandler _handler;
    private readonly RdbReaderOptions _options;
    private readonly RdbTally _tally;
    private readonly long _startOffsetBytes;
    private readonly bool _isSegment;
    private readonly long _endOffsetBytes;
    private readonly CutToken _token = new();

    private RdbVersion _version;
    private RdbReaderState _state;
    private long _offsetBytes;
    private CrcRedis64 _crc;
    private ulong _storedCrc;

    /// <param name="handler">Is told everything, in the order of the file.</param>
    /// <param name="options">Null: the defaults.</param>
    public RdbReader(RdbHandler handler, RdbReaderOptions? options = null)
        : this(handler, options, default, 0, isSegment: false)
    {
    }

    private RdbReader(RdbHandler handler, RdbReaderOptions? options, RdbVersion version, long offsetBytes, bool isSegment)
    {
        _handler = handler;
        _options = options ?? RdbReaderOptions.Default;
        _tally = new RdbTally(_options.AsOf);
        _version = version;
        _isSegment = isSegment;
        _startOffsetBytes = offsetBytes;
        _offsetBytes = offsetBytes;
        _state = isSegment ? RdbReaderState.Item : RdbReaderState.Header;
        _endOffsetBytes = _options.EndOffsetBytes ?? (long)ByteWindow.MaxLength;
    }

    private RdbReader(RdbHandler handler, RdbReaderOptions options, RdbSummary soFar, int database)
        : this(handler, options, soFar.Version, soFar.SizeBytes, isSegment: false)
    {
        (_tally, _startOffsetBytes, _state, _database) = (new RdbTally(soFar), 0, RdbReaderState.Item, database);
    }

    /// <summary>How far the input has been read, from the start of the file.</summary>
    public long OffsetBytes => _offsetBytes;

    /// <summary>The file's version, once the header has been read.</summary>
    public RdbVersion Version => _version;

    /// <summary>Entries seen so far.</summary>
    public long Keys => _tally.Keys;

    /// <summary>True once the end opcode and the checksum have been read: nothing may follow.</summary>
    public bool HasEnded => _state == RdbReaderState.End;

    /// <summary>
    /// A reader that begins in the middle of a file, at an entry. Its input may end after any entry, or go on to the end of the file.
    /// </summary>
    /// <param name="handler">Is told everything, with offsets in the whole file.</param>
    /// <param name="version">The file's.</param>
    /// <param name="database">The database that is selected where the segment begins.</param>
    /// <param name="offsetBytes">Where the segment begins.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="RdbFormatException">The version is not supported.</exception>
    public static RdbReader ForSegment(
        RdbHandler handler,
        RdbVersion version,
        int database,
        long offsetBytes,
        RdbReaderOptions? options = null)
    {
        RequireSupported(version);
        return new RdbReader(handler, options, version, offsetBytes, isSegment: true) { _database = database };
    }

    /// <summary>A reader that goes on to the end of a file whose beginning another has read up to between two entries.</summary>
    /// <param name="soFar">What that one had counted, <see cref="IEntryReader.SummarizeSoFar"/>.</param>
    /// <param name="database">The database that is selected there.</param>
    /// <param name="options">The checksum is the caller's: that of the beginning is not known here.</param>
    internal static RdbReader Resume(RdbHandler handler, RdbSummary soFar, int database, RdbReaderOptions options)
    {
        RequireSupported(soFar.Version);
        return new RdbReader(handler, options with { IsChecksumComputed = false }, soFar, database);
    }

    /// <summary>Reads all of <paramref name="chunk"/>.</summary>
    /// <exception cref="RdbFormatException">The bytes are not a good file, or some follow its end.</exception>
    public void Read(ReadOnlySpan<byte> chunk)
    {
        if (ReadUntilEnd(chunk) < chunk.Length)
        {
            throw new RdbFormatException(RdbError.TrailingBytes, _offsetBytes, "Bytes follow the end of the file");
        }
    }

    /// <summary>Reads <paramref name="chunk"/> up to the end of the file, for streams that go on after it.</summary>
    /// <returns>How many bytes belonged to the file: fewer than the chunk has only where the file ended within it.</returns>
    /// <exception cref="RdbFormatException">The bytes are not a good file.</exception>
    public int ReadUntilEnd(ReadOnlySpan<byte> chunk)
    {
        if (_state == RdbReaderState.Failed)
        {
            throw new InvalidOperationException("This reader has met an error; what follows cannot be understood");
        }

        // Whatever throws below, here or in the handler, leaves this state behind.
        var state = _state;
        _state = RdbReaderState.Failed;
        return ReadChunk(chunk, state);
    }

    /// <summary>To be called when the input has ended.</summary>
    /// <returns>What was read.</returns>
    /// <exception cref="RdbFormatException">The file (or the last entry of the segment) is not whole, or its checksum is wrong.</exception>
    public RdbSummary Complete()
    {
        if (_state == RdbReaderState.Failed)
        {
            throw new InvalidOperationException("This reader has met an error; there is nothing to complete");
        }

        if (!_options.IsChecksumComputed && !_isSegment)
        {
            throw new InvalidOperationException("The checksum of what was read is to be given: it was not computed here");
        }

        return CompleteChecked();
    }

    /// <summary>To be called when the input has ended, by who computed the checksum.</summary>
    /// <param name="crc64">Of everything but the eight bytes that state it.</param>
    /// <returns>What was read.</returns>
    /// <exception cref="RdbFormatException">The file is not whole, or its checksum is wrong.</exception>
    public RdbSummary Complete(ulong crc64)
    {
        if (_options.IsChecksumComputed || _state == RdbReaderState.Failed)
        {
            throw new InvalidOperationException("This reader has computed the checksum itself, or has met an error");
        }

        _crc = new CrcRedis64(crc64);
        return CompleteChecked();
    }

    private RdbSummary CompleteChecked()
    {
        if (FindEndError() is { } error)
        {
            throw error;
        }

        return _tally.ToSummary(_version, _offsetBytes - _startOffsetBytes, _crc.Value, CrcState);
    }

    /// <summary>What is wrong if the input ends here; null: it may.</summary>
    internal RdbFormatException? FindEndError() => FindCut() ?? FindChecksumError();

    /// <summary>
    /// Up to where everything that has been read belongs to what the handler was told of: before it stand whole items and the entry that was
    /// started last, after it the beginning of one that may become an entry.
    /// </summary>
    long IEntryReader.SettledOffsetBytes => this switch
    {
        { _hasAttributes: true } or { _hasSlotInfo: true } => _attributesOffsetBytes,
        { _state: RdbReaderState.Text, _textPurpose: TextPurpose.Key } => _itemOffsetBytes,
        { _state: RdbReaderState.Item } => _offsetBytes - _token.Count,
        _ => _offsetBytes,
    };

    /// <summary>What has been counted up to now, also after an error; its checksum is not judged.</summary>
    RdbSummary IEntryReader.SummarizeSoFar() =>
        _tally.ToSummary(_version, _offsetBytes - _startOffsetBytes, _crc.Value, RdbCrcState.Segment);

    private static void RequireSupported(RdbVersion version)
    {
        if (!version.IsSupported)
        {
            throw new RdbFormatException(
                RdbError.UnsupportedVersion,
                0,
                $"Version {version} of the format is not supported: REDIS up to {RdbVersion.NewestRedis:0000}, VALKEY from {RdbVersion.OldestValkey:000}");
        }
    }

    private int ReadChunk(ReadOnlySpan<byte> chunk, RdbReaderState state)
    {
        int position = 0;
        while (_token.Count > 0 && position < chunk.Length && state != RdbReaderState.End)
        {
            byte next = chunk[position++];
            var token = _token.Extend(next, _offsetBytes + position);
            state = Process(ref token, chunk, state);
            _token.Settle(token);
        }

        if (position < chunk.Length && state != RdbReaderState.End)
        {
            var window = new ByteWindow(chunk, _offsetBytes) { Position = position };
            state = Process(ref window, chunk, state);
            position = window.Position;
            if (state != RdbReaderState.End)
            {
                _token.Keep(window);
                position = chunk.Length;
            }
        }

        if (state == RdbReaderState.Value)
        {
            DeliverValue(chunk, _offsetBytes + chunk.Length);
        }

        if (_options.IsChecksumComputed)
        {
            _crc.Update(chunk[..(int)Math.Clamp(_checkedEndOffsetBytes - _offsetBytes, 0, position)]);
        }

        _offsetBytes += position;
        _state = state;
        return position;
    }

    /// <summary>Goes through the states as far as the window's bytes reach.</summary>
    /// <returns>The state that waits for more bytes.</returns>
    private RdbReaderState Process(ref ByteWindow window, ReadOnlySpan<byte> chunk, RdbReaderState state)
    {
        while (true)
        {
            var next = state switch
            {
                RdbReaderState.Item => ReadItem(ref window),
                RdbReaderState.Value => ReadValue(ref window, chunk),
                RdbReaderState.Text => ReadTextBody(ref window),
                RdbReaderState.Header => ReadHeader(ref window),
                RdbReaderState.AuxiliaryValue => ReadAuxiliaryValue(ref window),
                RdbReaderState.ModuleData => ReadModuleData(ref window),
                RdbReaderState.SlotRangeCount => ReadSlotRangeCount(ref window),
                RdbReaderState.SlotRange => ReadSlotRange(ref window),
                RdbReaderState.Footer => ReadFooter(ref window),
                _ => RdbReaderState.NeedsMore,
            };
            if (next == RdbReaderState.NeedsMore)
            {
                return state;
            }

            state = next;
        }
    }

    private RdbReaderState ReadHeader(ref ByteWindow window)
    {
        if (!window.TryTake(RdbVersion.HeaderBytes, out var header))
        {
            return RdbReaderState.NeedsMore;
        }

        if (!RdbVersion.TryParse(header, out _version))
        {
            throw BadMagic();
        }

        RequireSupported(_version);
        _handler.OnHeader(_version);
        return RdbReaderState.Item;
    }

    private RdbReaderState ReadFooter(ref ByteWindow window)
    {
        if (!window.TryTake(FooterBytes, out var footer))
        {
            return RdbReaderState.NeedsMore;
        }

        _storedCrc = BinaryPrimitives.ReadUInt64LittleEndian(footer);
        return RdbReaderState.End;
    }

    private RdbCrcState CrcState => this switch
    {
        { _isSegment: true } => RdbCrcState.Segment,
        { _version.HasChecksum: false } => RdbCrcState.OlderVersion,
        { _storedCrc: 0 } => RdbCrcState.Zero,
        _ => RdbCrcState.Verified,
    };

    RdbFormatException? IEntryReader.FindCut() => FindCut();

    /// <summary>The database that is selected.</summary>
    int IEntryReader.Database => _database;

    /// <summary>Whether all that was read are whole entries and fields, and the file has not ended.</summary>
    bool IEntryReader.IsBetweenEntries => _state == RdbReaderState.Item && _token.Count == 0 && !_hasAttributes && !_hasSlotInfo;

    /// <summary>What is missing if the input ends here; null: nothing. The checksum is not judged.</summary>
    private RdbFormatException? FindCut()
    {
        bool isAtBoundary = _isSegment && _state == RdbReaderState.Item && _token.Count == 0 && !_hasAttributes;
        if (_state == RdbReaderState.End || isAtBoundary)
        {
            return null;
        }

        if (_state == RdbReaderState.Header && !RdbVersion.MayBegin(_token.Bytes))
        {
            return BadMagic();
        }

        string what = _state switch
        {
            RdbReaderState.Header => "in its header",
            RdbReaderState.Value => "inside a value",
            RdbReaderState.Footer => "inside its checksum",
            RdbReaderState.Item when _token.Count == 0 => "where another entry or the end opcode must follow",
            _ => "before an entry or field is whole",
        };
        return new RdbFormatException(RdbError.UnexpectedEnd, _offsetBytes, $"The {(_isSegment ? "segment" : "file")} ends {what}");
    }

    private RdbFormatException? FindChecksumError() => CrcState == RdbCrcState.Verified && _storedCrc != _crc.Value
        ? new RdbFormatException(
            RdbError.ChecksumMismatch,
            _offsetBytes - FooterBytes,
            $"The file's checksum is {_storedCrc:x16}, that of its bytes {_crc.Value:x16}: the file is damaged")
        : null;

    private static RdbFormatException BadMagic() =>
        new(RdbError.BadMagic, 0, "The file does not begin with REDIS and four digits or VALKEY and three");
}
