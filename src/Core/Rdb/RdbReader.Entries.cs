namespace CacheBackup.Core.Rdb;

/// <content>Keys and other strings that are held whole, and the values that are not.</content>
public sealed partial class RdbReader
{
    private readonly TextBuffer _text = new();
    private readonly TextBuffer _auxiliaryName = new();

    private TextPurpose _textPurpose;
    private StringToken _textToken;
    private long _textOffsetBytes;
    private long _itemOffsetBytes;
    private long _auxiliaryOffsetBytes;

    private ValueWalk _walk;
    private ValueShape _shape;
    private RdbType _type;
    private long _valueOffsetBytes;

    /// <summary>Up to where the value's bytes have been given to the handler.</summary>
    private long _deliveredOffsetBytes;

    private RdbReaderState ReadEntryHead(ref ByteWindow window, RdbType type, long offset)
    {
        if (ValueShape.Of(type, _version.Magic) is not { } shape)
        {
            throw type == RdbType.ModulePreRelease
                ? new RdbFormatException(RdbError.ModulePreRelease, offset, "Module values of a release candidate of Redis 4.0 cannot be read")
                : new RdbFormatException(RdbError.UnknownType, offset, $"{(int)type} is neither an opcode nor a type of {_version}");
        }

        _type = type;
        _shape = shape;
        return BeginText(ref window, TextPurpose.Key, offset, _options.MaxKeyBytes);
    }

    /// <summary>Reads the head of a string that is held whole and, where its bytes are all at hand, the string.</summary>
    private RdbReaderState BeginText(ref ByteWindow window, TextPurpose purpose, long itemOffset, int mostBytes)
    {
        long offset = window.OffsetBytes;
        if (!window.TryReadString(_endOffsetBytes, out var token))
        {
            return RdbReaderState.NeedsMore;
        }

        if (token.Length > mostBytes || token.StoredBytes > mostBytes)
        {
            throw purpose == TextPurpose.Key
                ? new RdbFormatException(RdbError.KeyTooLong, offset, $"A key is longer than {mostBytes} bytes")
                : new RdbFormatException(RdbError.TextTooLong, offset, $"An auxiliary field or library is longer than {mostBytes} bytes");
        }

        _textPurpose = purpose;
        _textToken = token;
        _textOffsetBytes = offset;
        _itemOffsetBytes = itemOffset;
        if (token.StoredBytes <= window.Left)
        {
            return EndText(ref window, window.Take(token.StoredBytes));
        }

        _text.Clear();
        return RdbReaderState.Text;
    }

    private RdbReaderState ReadTextBody(ref ByteWindow window)
    {
        _text.Add(window.Take(_textToken.StoredBytes - _text.StoredCount));
        return _text.StoredCount == _textToken.StoredBytes ? EndText(ref window, _text.Stored) : RdbReaderState.NeedsMore;
    }

    private RdbReaderState EndText(ref ByteWindow window, ReadOnlySpan<byte> stored)
    {
        var text = _text.Expand(_textToken, stored, _textOffsetBytes);
        switch (_textPurpose)
        {
            case TextPurpose.Key:
                return BeginValue(ref window, text);
            case TextPurpose.AuxiliaryName:
                _auxiliaryName.Clear();
                _auxiliaryName.Add(text);
                _auxiliaryOffsetBytes = _itemOffsetBytes;
                return RdbReaderState.AuxiliaryValue;
            case TextPurpose.AuxiliaryValue:
                _tally.Count(_auxiliaryName.Stored, text);
                _handler.OnAuxiliary(_auxiliaryName.Stored, text);
                return RdbReaderState.Item;
            case TextPurpose.Function:
                _tally.CountFunction();
                _handler.OnFunction(text, _itemOffsetBytes);
                return RdbReaderState.Item;
            default:
                _handler.OnSlotImport(_itemOffsetBytes);
                return RdbReaderState.SlotRangeCount;
        }
    }

    private RdbReaderState ReadAuxiliaryValue(ref ByteWindow window) =>
        BeginText(ref window, TextPurpose.AuxiliaryValue, _auxiliaryOffsetBytes, _options.MaxTextBytes);

    private RdbReaderState BeginValue(ref ByteWindow window, ReadOnlySpan<byte> key)
    {
        _valueOffsetBytes = window.OffsetBytes;
        _deliveredOffsetBytes = _valueOffsetBytes;
        var entry = new RdbEntryStart(
            _database,
            _type,
            _expireAtMilliseconds,
            _idleSeconds,
            _frequency,
            _hasAttributes || _hasSlotInfo ? _attributesOffsetBytes : _itemOffsetBytes,
            _textOffsetBytes,
            _valueOffsetBytes);
        _tally.Count(entry);
        _handler.OnEntryStart(entry, key);
        ClearAttributes();
        _walk.Begin(_shape, _type, _endOffsetBytes);
        return RdbReaderState.Value;
    }

    private void ClearAttributes()
    {
        if (_hasAttributes || _hasSlotInfo)
        {
            _hasAttributes = false;
            _hasSlotInfo = false;
            _expireAtMilliseconds = null;
            _idleSeconds = null;
            _frequency = null;
        }
    }

    private RdbReaderState ReadValue(ref ByteWindow window, ReadOnlySpan<byte> chunk)
    {
        var skip = default(SkipVisitor);
        if (!_walk.Advance(ref window, ref skip))
        {
            return RdbReaderState.NeedsMore;
        }

        long end = window.OffsetBytes;
        DeliverValue(chunk, end);
        _handler.OnEntryEnd(new RdbEntryEnd(end, end - _valueOffsetBytes, _walk.ItemCount));
        return RdbReaderState.Item;
    }

    /// <summary>
    /// Gives the handler the value's bytes up to <paramref name="endOffset"/>. Whatever came in earlier chunks has been given at their end, so
    /// the rest lies in <paramref name="chunk"/>.
    /// </summary>
    private void DeliverValue(ReadOnlySpan<byte> chunk, long endOffset)
    {
        if (endOffset > _deliveredOffsetBytes)
        {
            int from = (int)(_deliveredOffsetBytes - _offsetBytes);
            _deliveredOffsetBytes = endOffset;
            _handler.OnValue(chunk[from..(int)(endOffset - _offsetBytes)]);
        }
    }
}
