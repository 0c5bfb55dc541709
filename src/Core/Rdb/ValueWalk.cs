namespace CacheBackup.Core.Rdb;

/// <summary>
/// The grammar of stored values, once for all who read them: it goes through a value token by token, over any fragmentation, and shows each
/// string and number to a visitor. It never looks inside a string.
/// </summary>
internal partial struct ValueWalk
{
    private long _endOffsetBytes;
    private uint _parts;
    private bool _isCounted;
    private bool _isInText;
    private long _textLeft;
    private long _itemsLeft;
    private bool _hasStreamCounters;
    private bool _hasActiveTime;
    private long _groupsLeft;
    private long _pendingLeft;
    private long _consumersLeft;

    /// <summary>What is being read.</summary>
    public ValueStep Step { get; private set; }

    /// <summary>Which part of an item is being read, from 0.</summary>
    public int Part { get; private set; }

    /// <summary>The number at the head of the value; 1 where there is none.</summary>
    public long ItemCount { get; private set; }

    /// <summary>Stands at the start of a value.</summary>
    /// <param name="shape">How it is laid out.</param>
    /// <param name="hasStreamCounters">Streams of version 2 and later keep their first id and counters.</param>
    /// <param name="hasActiveTime">Streams of version 3 keep when a consumer last got an entry.</param>
    /// <param name="endOffsetBytes">Where the value must have ended at the latest.</param>
    public void Begin(in ValueShape shape, bool hasStreamCounters, bool hasActiveTime, long endOffsetBytes)
    {
        Step = shape.FirstStep;
        Part = 0;
        ItemCount = 1;
        _parts = shape.Parts;
        _isCounted = shape.IsCounted;
        _isInText = false;
        _itemsLeft = 1;
        _endOffsetBytes = endOffsetBytes;
        _hasStreamCounters = hasStreamCounters;
        _hasActiveTime = hasActiveTime;
    }

    public void Begin(in ValueShape shape, RdbType type, long endOffsetBytes) =>
        Begin(shape, type is RdbType.Stream2 or RdbType.Stream3, type == RdbType.Stream3, endOffsetBytes);

    /// <summary>Stands at the data of a module that is not a value: marks up to the end mark.</summary>
    public void BeginModuleData(long endOffsetBytes) =>
        Begin(new ValueShape(ValueStep.ModuleMark, false, ValueShape.None), false, false, endOffsetBytes);

    /// <summary>Goes as far as the window's bytes reach.</summary>
    /// <returns>True when the value is complete. False: the window's remaining bytes are the beginning of a token.</returns>
    public bool Advance<TVisitor>(ref ByteWindow window, ref TVisitor visitor)
        where TVisitor : struct, IValueVisitor
    {
        if (_isInText)
        {
            if (!AdvanceText(ref window, ref visitor))
            {
                return false;
            }

            AfterText();
        }

        while (true)
        {
            bool isRead = Step switch
            {
                ValueStep.Item => AdvanceItems(ref window, ref visitor),
                ValueStep.Head => ReadHead(ref window, ref visitor),
                ValueStep.Count => ReadItemCount(ref window, ref visitor),
                ValueStep.ModuleId or ValueStep.ModuleMark => AdvanceModule(ref window, ref visitor),
                ValueStep.End => false,
                _ => AdvanceStream(ref window, ref visitor),
            };
            if (!isRead)
            {
                return Step == ValueStep.End;
            }
        }
    }

    private bool ReadHead<TVisitor>(ref ByteWindow window, ref TVisitor visitor)
        where TVisitor : struct, IValueVisitor
    {
        if (!ReadFixed(ref window, ref visitor, 8))
        {
            return false;
        }

        Step = _isCounted ? ValueStep.Count : ValueStep.Item;
        return true;
    }

    private bool ReadItemCount<TVisitor>(ref ByteWindow window, ref TVisitor visitor)
        where TVisitor : struct, IValueVisitor
    {
        if (!ReadCount(ref window, ref visitor, out _itemsLeft))
        {
            return false;
        }

        ItemCount = _itemsLeft;
        Step = _itemsLeft == 0 ? ValueStep.End : ValueStep.Item;
        return true;
    }

    private bool AdvanceItems<TVisitor>(ref ByteWindow window, ref TVisitor visitor)
        where TVisitor : struct, IValueVisitor
    {
        while (true)
        {
            bool isRead = ((_parts >> (8 * Part)) & 255) switch
            {
                ValueShape.Text => ReadText(ref window, ref visitor),
                ValueShape.Eight => ReadFixed(ref window, ref visitor, 8),
                ValueShape.TextScore => ReadTextScore(ref window, ref visitor),
                _ => ReadNumber(ref window, ref visitor),
            };
            if (!isRead)
            {
                return false;
            }

            if (NextPart())
            {
                return true;
            }
        }
    }

    /// <summary>True when that was the last part of the last item.</summary>
    private bool NextPart()
    {
        Part++;
        if ((_parts >> (8 * Part)) == ValueShape.None)
        {
            Part = 0;
            if (--_itemsLeft == 0)
            {
                Step = ValueStep.End;
                return true;
            }
        }

        return false;
    }

    /// <summary>Moves on from a string that came in parts.</summary>
    private void AfterText()
    {
        switch (Step)
        {
            case ValueStep.Item:
                NextPart();
                break;
            case ValueStep.ModuleMark:
                break;
            default:
                AfterStreamText();
                break;
        }
    }

    private bool ReadText<TVisitor>(ref ByteWindow window, ref TVisitor visitor)
        where TVisitor : struct, IValueVisitor
    {
        long offset = window.OffsetBytes;
        if (!window.TryReadString(_endOffsetBytes, out var token))
        {
            return false;
        }

        if (token.StoredBytes <= window.Left)
        {
            visitor.Text(token, window.Take(token.StoredBytes), offset);
            return true;
        }

        visitor.TextStart(token, offset);
        _isInText = true;
        _textLeft = token.StoredBytes;
        AdvanceText(ref window, ref visitor);
        return false;
    }

    private bool AdvanceText<TVisitor>(ref ByteWindow window, ref TVisitor visitor)
        where TVisitor : struct, IValueVisitor
    {
        var stored = window.Take(_textLeft);
        _textLeft -= stored.Length;
        if (stored.Length > 0)
        {
            visitor.TextPart(stored);
        }

        if (_textLeft > 0)
        {
            return false;
        }

        _isInText = false;
        visitor.TextEnd();
        return true;
    }

    private readonly bool ReadCount<TVisitor>(ref ByteWindow window, ref TVisitor visitor, out long count)
        where TVisitor : struct, IValueVisitor
    {
        long offset = window.OffsetBytes;
        if (!window.TryReadCount(_endOffsetBytes, out count))
        {
            return false;
        }

        visitor.Number((ulong)count, offset);
        return true;
    }

    private static bool ReadNumber<TVisitor>(ref ByteWindow window, ref TVisitor visitor)
        where TVisitor : struct, IValueVisitor
    {
        long offset = window.OffsetBytes;
        if (!window.TryReadNumber(out ulong number))
        {
            return false;
        }

        visitor.Number(number, offset);
        return true;
    }

    private static bool ReadFixed<TVisitor>(ref ByteWindow window, ref TVisitor visitor, int size)
        where TVisitor : struct, IValueVisitor
    {
        long offset = window.OffsetBytes;
        if (!window.TryTake(size, out var bytes))
        {
            return false;
        }

        visitor.Fixed(bytes, offset);
        return true;
    }

    private static bool ReadTextScore<TVisitor>(ref ByteWindow window, ref TVisitor visitor)
        where TVisitor : struct, IValueVisitor
    {
        if (window.Left == 0)
        {
            return false;
        }

        // 253, 254 and 255 stand for not-a-number and the infinities, with no text after them.
        byte length = window.Bytes[window.Position];
        return ReadFixed(ref window, ref visitor, length >= 253 ? 1 : 1 + length);
    }
}
