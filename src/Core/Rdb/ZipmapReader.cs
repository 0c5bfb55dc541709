using System.Buffers.Binary;

namespace CacheBackup.Core.Rdb;

/// <summary>Reads a zipmap pair by pair, and checks sizes, the end mark and the count. (valkey <c>src/zipmap.c</c>.)</summary>
internal ref struct ZipmapReader
{
    private const byte EndMark = 0xff;
    private const byte LongLength = 0xfe;

    private readonly ReadOnlySpan<byte> _blob;
    private readonly long _offsetBytes;
    private int _position = 1;
    private int _count;

    /// <param name="blob">The whole zipmap.</param>
    /// <param name="offsetBytes">Where it is, for errors.</param>
    public ZipmapReader(ReadOnlySpan<byte> blob, long offsetBytes)
    {
        _blob = blob;
        _offsetBytes = offsetBytes;
        if (blob.Length < 2 || blob[^1] != EndMark)
        {
            throw Bad();
        }
    }

    /// <summary>The next pair; false at the end, which is checked then.</summary>
    /// <exception cref="RdbFormatException">The zipmap contradicts itself.</exception>
    public bool TryRead(out ReadOnlySpan<byte> field, out ReadOnlySpan<byte> value)
    {
        if (_blob[_position] == EndMark)
        {
            field = default;
            value = default;
            RequireEnd();
            return false;
        }

        field = Take(TakeLength());
        uint length = TakeLength();
        byte unused = Take(1)[0];
        value = Take(length);
        Take(unused);
        _count++;
        return true;
    }

    private readonly RdbFormatException Bad() =>
        new(RdbError.BadZipmap, _offsetBytes, "A zipmap contradicts itself");

    private uint TakeLength()
    {
        byte first = Take(1)[0];
        return first switch
        {
            LongLength => BinaryPrimitives.ReadUInt32LittleEndian(Take(4)),
            EndMark => throw Bad(),
            _ => first,
        };
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
        byte stated = _blob[0];
        if (_position != _blob.Length - 1 || (stated < LongLength && stated != _count))
        {
            throw Bad();
        }
    }
}
