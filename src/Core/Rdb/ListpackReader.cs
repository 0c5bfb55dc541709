using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace CacheBackup.Core.Rdb;

/// <summary>
/// Reads a listpack entry by entry, and checks all of it on the way: sizes, each entry's own length after it, the end mark, the count.
/// (valkey <c>src/listpack.c</c>.)
/// </summary>
internal ref struct ListpackReader : IEncodedReader
{
    private const int HeaderBytes = 6;
    private const byte EndMark = 0xff;
    private const int CountUnknown = ushort.MaxValue;

    private readonly ReadOnlySpan<byte> _blob;
    private readonly long _offsetBytes;
    private readonly int _statedCount;
    private int _position;

    /// <param name="blob">The whole listpack.</param>
    /// <param name="offsetBytes">Where it is, for errors.</param>
    public ListpackReader(ReadOnlySpan<byte> blob, long offsetBytes)
    {
        _blob = blob;
        _offsetBytes = offsetBytes;
        if (blob.Length <= HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(blob) != (uint)blob.Length || blob[^1] != EndMark)
        {
            throw Bad();
        }

        _statedCount = BinaryPrimitives.ReadUInt16LittleEndian(blob[4..]);
        _position = HeaderBytes;
    }

    /// <summary>Entries read so far.</summary>
    public int Count { get; private set; }

    /// <summary>The next entry; false at the end, which is checked then.</summary>
    /// <exception cref="RdbFormatException">The listpack contradicts itself.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out EncodedEntry entry)
    {
        byte first = _blob[_position];
        int size;
        if (first < 0x80)
        {
            size = 1;
            entry = new EncodedEntry(first);
        }
        else if (first < 0xc0)
        {
            size = 1 + (first & 0x3f);
            entry = new EncodedEntry(TextAt(1, size - 1));
        }
        else if (first == EndMark)
        {
            entry = default;
            RequireEnd();
            return false;
        }
        else
        {
            entry = ReadLonger(first, out size);
        }

        _position += size;
        SkipBackLength(size);
        Count++;
        return true;
    }

    /// <summary>The next entry, where one must follow.</summary>
    /// <exception cref="RdbFormatException">None does, or the listpack contradicts itself.</exception>
    public EncodedEntry Read() => TryRead(out var entry) ? entry : throw Bad();

    public readonly RdbFormatException Bad() =>
        new(RdbError.BadListpack, _offsetBytes, "A listpack contradicts itself");

    private readonly ReadOnlySpan<byte> TextAt(int headBytes, int length)
    {
        // The end mark must still follow.
        if (length < 0 || length >= _blob.Length - _position - headBytes)
        {
            throw Bad();
        }

        return _blob.Slice(_position + headBytes, length);
    }

    private readonly EncodedEntry ReadLonger(byte first, out int size)
    {
        if (first < 0xe0)
        {
            size = 2;
            int number = ((first & 0x1f) << 8) | TextAt(1, 1)[0];
            return new EncodedEntry(number >= 1 << 12 ? number - (1 << 13) : number);
        }

        if (first < 0xf0)
        {
            int length = ((first & 0x0f) << 8) | TextAt(1, 1)[0];
            size = 2 + length;
            return new EncodedEntry(TextAt(2, length));
        }

        switch (first)
        {
            case 0xf0:
                uint longLength = BinaryPrimitives.ReadUInt32LittleEndian(TextAt(1, 4));
                if (longLength > (uint)_blob.Length)
                {
                    throw Bad();
                }

                size = 5 + (int)longLength;
                return new EncodedEntry(TextAt(5, (int)longLength));
            case 0xf1:
                size = 3;
                return new EncodedEntry(BinaryPrimitives.ReadInt16LittleEndian(TextAt(1, 2)));
            case 0xf2:
                size = 4;
                var three = TextAt(1, 3);
                return new EncodedEntry(three[0] | (three[1] << 8) | ((sbyte)three[2] << 16));
            case 0xf3:
                size = 5;
                return new EncodedEntry(BinaryPrimitives.ReadInt32LittleEndian(TextAt(1, 4)));
            case 0xf4:
                size = 9;
                return new EncodedEntry(BinaryPrimitives.ReadInt64LittleEndian(TextAt(1, 8)));
            default:
                throw Bad();
        }
    }

    /// <summary>After each entry stands its size, seven bits a byte, so that it can be read backwards; it must be the very bytes a server writes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipBackLength(int size)
    {
        if (size <= 127)
        {
            if (_position >= _blob.Length - 1 || _blob[_position] != size)
            {
                throw Bad();
            }

            _position++;
            return;
        }

        SkipLongBackLength(size);
    }

    private void SkipLongBackLength(int size)
    {
        int bytes = size switch
        {
            < 16383 => 2,
            < 2097151 => 3,
            < 268435455 => 4,
            _ => 5,
        };
        if (bytes >= _blob.Length - _position)
        {
            throw Bad();
        }

        for (int i = 0; i < bytes; i++)
        {
            int expected = ((size >> (7 * (bytes - 1 - i))) & 127) | (i > 0 ? 128 : 0);
            if (_blob[_position + i] != expected)
            {
                throw Bad();
            }
        }

        _position += bytes;
    }

    private readonly void RequireEnd()
    {
        if (_position != _blob.Length - 1 || (_statedCount != CountUnknown && _statedCount != Count))
        {
            throw Bad();
        }
    }
}
