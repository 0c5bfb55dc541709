using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace CacheBackup.Core.Rdb;

/// <summary>
/// The bytes that are at hand and a position in them. The Try methods read one token or, if it is not whole, nothing: then the same call is
/// made again when more bytes have come.
/// </summary>
internal ref struct ByteWindow(ReadOnlySpan<byte> bytes, long offsetBytes)
{
    /// <summary>No server counts or measures anything in more.</summary>
    public const ulong MaxLength = 1UL << 62;

    public readonly ReadOnlySpan<byte> Bytes = bytes;

    /// <summary>Where in the whole the window begins.</summary>
    public readonly long WindowOffsetBytes = offsetBytes;

    public int Position;

    public readonly long OffsetBytes => WindowOffsetBytes + Position;

    public readonly int Left => Bytes.Length - Position;

    /// <summary>Takes up to <paramref name="most"/> bytes.</summary>
    public ReadOnlySpan<byte> Take(long most)
    {
        int count = (int)Math.Min(most, Left);
        var taken = Bytes.Slice(Position, count);
        Position += count;
        return taken;
    }

    public bool TryTake(int count, out ReadOnlySpan<byte> taken)
    {
        if (Left < count)
        {
            taken = default;
            return false;
        }

        taken = Bytes.Slice(Position, count);
        Position += count;
        return true;
    }

    /// <summary>A length or number of the format: 6, 14, 32 or 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadNumber(out ulong number)
    {
        if ((uint)Position < (uint)Bytes.Length && Bytes[Position] < 0x40)
        {
            number = Bytes[Position++];
            return true;
        }

        return TryReadLongNumber(out number);
    }

    /// <summary>A number that counts something that must still follow.</summary>
    /// <exception cref="RdbFormatException">It is larger than what can follow before <paramref name="endOffsetBytes"/>.</exception>
    public bool TryReadCount(long endOffsetBytes, out long count)
    {
        long offset = OffsetBytes;
        if (!TryReadNumber(out ulong number))
        {
            count = 0;
            return false;
        }

        if (number > MaxLength || (long)number > endOffsetBytes - OffsetBytes)
        {
            throw new RdbFormatException(RdbError.LengthTooLarge, offset, "A count is larger than what can still follow: the file is damaged, or was cut off");
        }

        count = (long)number;
        return true;
    }

    /// <summary>The head of a string: its encoding and lengths, and the whole of it where it is a number.</summary>
    /// <exception cref="RdbFormatException">Undefined encoding, or longer than what can follow before <paramref name="endOffsetBytes"/>.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadString(long endOffsetBytes, out StringToken token)
    {
        if ((uint)Position < (uint)Bytes.Length && Bytes[Position] < 0x40)
        {
            long length = Bytes[Position++];
            token = StringToken.Raw(length);
            if (length > endOffsetBytes - OffsetBytes)
            {
                Position--;
                ThrowStringTooLong(OffsetBytes);
            }

            return true;
        }

        return TryReadLongString(endOffsetBytes, out token);
    }

    private static void ThrowStringTooLong(long offsetBytes) =>
        throw new RdbFormatException(RdbError.LengthTooLarge, offsetBytes, "A string is longer than what can still follow: the file is damaged, or was cut off");

    private bool TryReadLongNumber(out ulong number)
    {
        number = 0;
        if (Left == 0)
        {
            return false;
        }

        var rest = Bytes[Position..];
        byte first = rest[0];
        int size = first switch
        {
            < 0x40 => 1,
            < 0x80 => 2,
            0x80 => 5,
            0x81 => 9,
            _ => throw new RdbFormatException(RdbError.BadLength, OffsetBytes, "A length begins with a byte that no version defines"),
        };
        if (rest.Length < size)
        {
            return false;
        }

        number = size switch
        {
            1 => first,
            2 => (ulong)(((first & 0x3f) << 8) | rest[1]),
            5 => BinaryPrimitives.ReadUInt32BigEndian(rest[1..]),
            _ => BinaryPrimitives.ReadUInt64BigEndian(rest[1..]),
        };
        Position += size;
        return true;
    }

    private bool TryReadLongString(long endOffsetBytes, out StringToken token)
    {
        token = default;
        if (Left == 0)
        {
            return false;
        }

        int start = Position;
        long startOffset = OffsetBytes;
        byte first = Bytes[start];
        if (first < 0xc0)
        {
            if (!TryReadNumber(out ulong length))
            {
                return false;
            }

            token = StringToken.Raw((long)Math.Min(length, MaxLength));
        }
        else if (first == 0xc3)
        {
            Position++;
            if (!TryReadNumber(out ulong stored) || !TryReadNumber(out ulong expanded))
            {
                Position = start;
                return false;
            }

            token = StringToken.Compressed((long)Math.Min(stored, MaxLength), (long)Math.Min(expanded, MaxLength));
            token.RequirePossible(startOffset);
        }
        else if (first > 0xc3)
        {
            throw new RdbFormatException(RdbError.BadStringEncoding, startOffset, "A string has an encoding that no version defines");
        }
        else
        {
            int size = 1 << (first & 3);
            if (Left < 1 + size)
            {
                return false;
            }

            var digits = Bytes[(start + 1)..];
            token = StringToken.Number(size switch
            {
                1 => (sbyte)digits[0],
                2 => BinaryPrimitives.ReadInt16LittleEndian(digits),
                _ => BinaryPrimitives.ReadInt32LittleEndian(digits),
            });
            Position += 1 + size;
        }

        if (token.StoredBytes > endOffsetBytes - OffsetBytes)
        {
            Position = start;
            ThrowStringTooLong(startOffset);
        }

        return true;
    }
}
