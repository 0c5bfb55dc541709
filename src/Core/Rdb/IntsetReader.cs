using System.Buffers.Binary;

namespace CacheBackup.Core.Rdb;

/// <summary>Reads an intset number by number, and checks its sizes and that the numbers ascend. (valkey <c>src/intset.c</c>.)</summary>
internal ref struct IntsetReader
{
    private const int HeaderBytes = 8;

    private readonly ReadOnlySpan<byte> _blob;
    private readonly long _offsetBytes;
    private readonly int _width;
    private int _position = HeaderBytes;
    private long _previous;

    /// <param name="blob">The whole intset.</param>
    /// <param name="offsetBytes">Where it is, for errors.</param>
    public IntsetReader(ReadOnlySpan<byte> blob, long offsetBytes)
    {
        _blob = blob;
        _offsetBytes = offsetBytes;
        if (blob.Length < HeaderBytes)
        {
            throw Bad();
        }

        uint width = BinaryPrimitives.ReadUInt32LittleEndian(blob);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(blob[4..]);
        if (width is not (2 or 4 or 8) || (ulong)count * width != (ulong)(blob.Length - HeaderBytes))
        {
            throw Bad();
        }

        _width = (int)width;
    }

    /// <summary>The next number; false at the end.</summary>
    /// <exception cref="RdbFormatException">It is not greater than the one before.</exception>
    public bool TryRead(out long number)
    {
        if (_position == _blob.Length)
        {
            number = 0;
            return false;
        }

        var bytes = _blob[_position..];
        number = _width switch
        {
            2 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            4 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        };
        if (_position > HeaderBytes && number <= _previous)
        {
            throw Bad();
        }

        _previous = number;
        _position += _width;
        return true;
    }

    private readonly RdbFormatException Bad() =>
        new(RdbError.BadIntset, _offsetBytes, "An intset contradicts itself");
}
