using System.Buffers.Binary;

namespace CacheBackup.Core.Rdb;

/// <summary>
/// Reads a ziplist entry by entry, and checks all of it on the way: sizes, the length of the entry before in each, the offset of the last, the end
/// mark, the count. (valkey <c>src/ziplist.c</c>.)
/// </summary>
internal ref struct ZiplistReader : IEncodedReader
{
    private const int HeaderBytes = 10;
    private const byte EndMark = 0xff;
    private const byte LongPrevious = 0xfe;
    private const int CountUnknown = ushort.MaxValue;

    private readonly ReadOnlySpan<byte> _blob;
    private readonly long _offsetBytes;
    private readonly int _statedCount;
    private readonly uint _statedLast;
    private int _position;
    private int _last;
    private int _count;

    /// <param name="blob">The whole ziplist.</param>
    /// <param name="offsetBytes">Where it is, for errors.</param>
    public ZiplistReader(ReadOnlySpan<byte> blob, long offsetBytes)
    {
        _blob = blob;
        _offsetBytes = offsetBytes;
        if (blob.Length <= HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(blob) != (uint)blob.Length || blob[^1] != EndMark)
        {
            throw Bad();
        }

        _statedLast = BinaryPrimitives.ReadUInt32LittleEndian(blob[4..]);
        _statedCount = BinaryPrimitives.ReadUInt16LittleEndian(blob[8..]);
        _position = HeaderBytes;
        _last = HeaderBytes;
        if (_statedLast >= (uint)blob.Length)
        {
            throw Bad();
        }
    }

    /// <summary>The next entry; false at the end, which is checked then.</summary>
    /// <exception cref="RdbFormatException">The ziplist contradicts itself.</exception>
    public bool TryRead(out EncodedEntry entry)
    {
        if (_blob[_position] == EndMark)
        {
            entry = default;
            RequireEnd();
            return false;
        }

        int start = _position;
        SkipPreviousLength(start);
        entry = ReadContent();
        _last = start;
        _count++;
        return true;
    }

    private readonly RdbFormatException Bad() =>
        new(RdbError.BadZiplist, _offsetBytes, "A ziplist contradicts itself");

    /// <summary>Each entry begins with the size of the one before it, in one byte or five.</summary>
    private void SkipPreviousLength(int start)
    {
        uint previous = Take(1)[0];
        if (previous == LongPrevious)
        {
            previous = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
        }

        if (previous != (uint)(start - _last))
        {
            throw Bad();
        }
    }

    private EncodedEntry ReadContent()
    {
        byte first = Take(1)[0];
        switch (first >> 6)
        {
            case 0:
                return new EncodedEntry(Take(first));
            case 1:
                return new EncodedEntry(Take((uint)(((first & 0x3f) << 8) | Take(1)[0])));
            case 2:
                return new EncodedEntry(Take(BinaryPrimitives.ReadUInt32BigEndian(Take(4))));
        }

        switch (first)
        {
            case 0xc0:
                return new EncodedEntry(BinaryPrimitives.ReadInt16LittleEndian(Take(2)));
            case 0xd0:
                return new EncodedEntry(BinaryPrimitives.ReadInt32LittleEndian(Take(4)));
            case 0xe0:
                return new EncodedEntry(BinaryPrimitives.ReadInt64LittleEndian(Take(8)));
            case 0xf0:
                var three = Take(3);
                return new EncodedEntry(three[0] | (three[1] << 8) | ((sbyte)three[2] << 16));
            case 0xfe:
                return new EncodedEntry((sbyte)Take(1)[0]);
            case >= 0xf1 and <= 0xfd:
                return new EncodedEntry(first - 0xf1);
            default:
                throw Bad();
        }
    }

    private ReadOnlySpan<byte> Take(uint count)
    {
        // The end mark must still follow.
        if (count >= (uint)(_blob.Length - _position))
        {
            throw Bad();
        }

        var taken = _blob.Slice(_position, (int)count);
        _position += (int)count;
        return taken;
    }

    private readonly void RequireEnd()
    {
        if (_position != _blob.Length - 1
            || (_statedCount != CountUnknown && _statedCount != _count)
            || (_count > 0 && _statedLast != (uint)_last))
        {
            throw Bad();
        }
    }
}
