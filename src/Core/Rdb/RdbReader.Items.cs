using System.Buffers.Binary;

namespace CacheBackup.Core.Rdb;

/// <content>Opcodes and the heads of entries.</content>
public sealed partial class RdbReader
{
    private const int FirstOpcode = (int)RdbOpcode.SlotImport;
    private const ulong MaxSlotRanges = 16384;

    /// <summary>Where the bytes end that the checksum covers.</summary>
    private long _checkedEndOffsetBytes = long.MaxValue;
    private int _database;
    private long _slotRangesLeft;

    // What stands before an entry and belongs to it.
    private bool _hasAttributes;
    private bool _hasSlotInfo;
    private long _attributesOffsetBytes;
    private long? _expireAtMilliseconds;
    private long? _idleSeconds;
    private byte? _frequency;

    private RdbReaderState ReadItem(ref ByteWindow window)
    {
        if (window.Left == 0)
        {
            return RdbReaderState.NeedsMore;
        }

        int start = window.Position;
        long offset = window.OffsetBytes;
        byte item = window.Bytes[start];
        window.Position++;
        var next = item < FirstOpcode ? ReadEntryHead(ref window, (RdbType)item, offset) : ReadOpcode(ref window, (RdbOpcode)item, offset);
        if (next == RdbReaderState.NeedsMore)
        {
            window.Position = start;
        }

        return next;
    }

    private RdbReaderState ReadOpcode(ref ByteWindow window, RdbOpcode opcode, long offset)
    {
        var next = opcode switch
        {
            RdbOpcode.ExpireMilliseconds or RdbOpcode.ExpireSeconds or RdbOpcode.Idle or RdbOpcode.Frequency =>
                ReadAttribute(ref window, opcode, offset),
            RdbOpcode.SlotInfo => ReadSlotInfo(ref window, offset),
            _ => ReadFileItem(ref window, opcode, offset),
        };
        if (next != RdbReaderState.NeedsMore)
        {
            _tally.Count(opcode);
        }

        return next;
    }

    /// <summary>What belongs to the file, not to the entry that follows.</summary>
    private RdbReaderState ReadFileItem(ref ByteWindow window, RdbOpcode opcode, long offset)
    {
        if (_hasAttributes)
        {
            throw new RdbFormatException(RdbError.DanglingAttribute, _attributesOffsetBytes, "An expiry, idle time or frequency is followed by no entry");
        }

        // A slot hint that no entry follows belongs to nothing.
        _hasSlotInfo = false;
        switch (opcode)
        {
            case RdbOpcode.SelectDatabase:
                return ReadSelectDatabase(ref window, offset);
            case RdbOpcode.ResizeDatabase:
                if (!window.TryReadNumber(out ulong keys) || !window.TryReadNumber(out ulong expiring))
                {
                    return RdbReaderState.NeedsMore;
                }

                _handler.OnResize((long)keys, (long)expiring);
                return RdbReaderState.Item;
            case RdbOpcode.Auxiliary:
                return BeginText(ref window, TextPurpose.AuxiliaryName, offset, _options.MaxTextBytes);
            case RdbOpcode.Function:
                return BeginText(ref window, TextPurpose.Function, offset, _options.MaxTextBytes);
            case RdbOpcode.ModuleAuxiliary:
                return ReadModuleAuxiliary(ref window, offset);
            case RdbOpcode.SlotImport when _version.Magic == RdbMagic.Valkey:
                return BeginText(ref window, TextPurpose.SlotImport, offset, _options.MaxTextBytes);
            case RdbOpcode.End:
                _checkedEndOffsetBytes = window.OffsetBytes;
                _handler.OnEnd(offset);
                return _version.HasChecksum ? RdbReaderState.Footer : RdbReaderState.End;
            case RdbOpcode.FunctionPreRelease:
                throw new RdbFormatException(RdbError.FunctionPreRelease, offset, "Functions of a release candidate of Redis 7.0 cannot be read");
            default:
                throw new RdbFormatException(RdbError.UnknownOpcode, offset, $"{(int)opcode} is neither an opcode nor a type of {_version}");
        }
    }

    private RdbReaderState ReadSelectDatabase(ref ByteWindow window, long offset)
    {
        if (!window.TryReadNumber(out ulong number))
        {
            return RdbReaderState.NeedsMore;
        }

        if (number > int.MaxValue)
        {
            throw new RdbFormatException(RdbError.BadDatabase, offset, "A database number is larger than any server's");
        }

        _database = (int)number;
        if (!_tally.TrySelect(_database))
        {
            throw new RdbFormatException(RdbError.BadDatabase, offset, "The file selects more databases than any server has");
        }

        _handler.OnSelectDatabase(_database);
        return RdbReaderState.Item;
    }

    private RdbReaderState ReadAttribute(ref ByteWindow window, RdbOpcode opcode, long offset)
    {
        bool isRead;
        switch (opcode)
        {
            case RdbOpcode.ExpireMilliseconds:
                isRead = window.TryTake(8, out var milliseconds);
                if (isRead)
                {
                    Assign(ref _expireAtMilliseconds, BinaryPrimitives.ReadInt64LittleEndian(milliseconds), offset);
                }

                break;
            case RdbOpcode.ExpireSeconds:
                isRead = window.TryTake(4, out var seconds);
                if (isRead)
                {
                    Assign(ref _expireAtMilliseconds, BinaryPrimitives.ReadInt32LittleEndian(seconds) * 1000L, offset);
                }

                break;
            case RdbOpcode.Idle:
                isRead = window.TryReadNumber(out ulong idle);
                if (isRead)
                {
                    Assign(ref _idleSeconds, (long)Math.Min(idle, ByteWindow.MaxLength), offset);
                }

                break;
            default:
                isRead = window.TryTake(1, out var frequency);
                if (isRead)
                {
                    Assign(ref _frequency, frequency[0], offset);
                }

                break;
        }

        if (!isRead)
        {
            return RdbReaderState.NeedsMore;
        }

        BeginAttributes(offset);
        _hasAttributes = true;
        return RdbReaderState.Item;
    }

    private static void Assign<T>(ref T? attribute, T value, long offset)
        where T : struct
    {
        if (attribute.HasValue)
        {
            throw new RdbFormatException(RdbError.DanglingAttribute, offset, "An expiry, idle time or frequency is given twice for one entry");
        }

        attribute = value;
    }

    private void BeginAttributes(long offset)
    {
        if (!_hasAttributes && !_hasSlotInfo)
        {
            _attributesOffsetBytes = offset;
        }
    }

    private RdbReaderState ReadSlotInfo(ref ByteWindow window, long offset)
    {
        if (!window.TryReadNumber(out ulong slot) || !window.TryReadNumber(out ulong keys) || !window.TryReadNumber(out ulong expiring))
        {
            return RdbReaderState.NeedsMore;
        }

        BeginAttributes(offset);
        _hasSlotInfo = true;
        _handler.OnSlotInfo((long)slot, (long)keys, (long)expiring);
        return RdbReaderState.Item;
    }

    private RdbReaderState ReadSlotRangeCount(ref ByteWindow window)
    {
        long offset = window.OffsetBytes;
        if (!window.TryReadNumber(out ulong count))
        {
            return RdbReaderState.NeedsMore;
        }

        if (count > MaxSlotRanges)
        {
            throw new RdbFormatException(RdbError.LengthTooLarge, offset, "A slot import names more ranges than there are slots");
        }

        _slotRangesLeft = (long)count;
        return count > 0 ? RdbReaderState.SlotRange : RdbReaderState.Item;
    }

    private RdbReaderState ReadSlotRange(ref ByteWindow window)
    {
        int start = window.Position;
        if (!window.TryReadNumber(out _) || !window.TryReadNumber(out _))
        {
            window.Position = start;
            return RdbReaderState.NeedsMore;
        }

        return --_slotRangesLeft > 0 ? RdbReaderState.SlotRange : RdbReaderState.Item;
    }

    private RdbReaderState ReadModuleAuxiliary(ref ByteWindow window, long offset)
    {
        // The id, then the moment of loading it belongs to, which is itself a marked number.
        const ulong UnsignedMark = 2;
        if (!window.TryReadNumber(out ulong id) || !window.TryReadNumber(out ulong mark) || !window.TryReadNumber(out _))
        {
            return RdbReaderState.NeedsMore;
        }

        if (mark != UnsignedMark)
        {
            throw new RdbFormatException(RdbError.BadModuleData, offset, "A module's auxiliary data do not begin with the moment they belong to");
        }

        var module = new RdbModule(id);
        _tally.Count(module);
        _handler.OnModuleAuxiliary(module, offset);
        _walk.BeginModuleData(_endOffsetBytes);
        return RdbReaderState.ModuleData;
    }

    private RdbReaderState ReadModuleData(ref ByteWindow window)
    {
        var skip = default(SkipVisitor);
        return _walk.Advance(ref window, ref skip) ? RdbReaderState.Item : RdbReaderState.NeedsMore;
    }
}
