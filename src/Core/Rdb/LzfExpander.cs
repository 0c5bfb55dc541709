namespace CacheBackup.Core.Rdb;

/// <summary>
/// Expands LZF that comes in parts, into parts: for texts too long to be held. It keeps no more than repetitions can look back on.
/// </summary>
internal sealed class LzfExpander(LzfExpander.Output output)
{
    /// <summary>Is given the next expanded bytes.</summary>
    public delegate void Output(ReadOnlySpan<byte> expanded);

    private const int OutputBytes = 1 << 16;

    /// <summary>Looked-back bytes first, then new ones; when it is full, the last of them move to the front.</summary>
    private readonly byte[] _buffer = new byte[Lzf.MaxDistance + OutputBytes];

    private int _end;
    private int _given;
    private int _literalsLeft;
    private int _control = -1;
    private int _length = -1;
    private long _expandedBytes;

    public void Begin()
    {
        _end = 0;
        _given = 0;
        _literalsLeft = 0;
        _control = -1;
        _length = -1;
        _expandedBytes = 0;
    }

    /// <summary>Expands <paramref name="compressed"/> as far as <paramref name="mostBytes"/> allow in all.</summary>
    /// <returns>False if the bytes repeat what never was, or expand to more.</returns>
    public bool TryExpand(ReadOnlySpan<byte> compressed, long mostBytes)
    {
        while (compressed.Length > 0)
        {
            if (_literalsLeft > 0)
            {
                int count = Math.Min(_literalsLeft, compressed.Length);
                Room(count);
                compressed[..count].CopyTo(_buffer.AsSpan(_end));
                _end += count;
                _expandedBytes += count;
                _literalsLeft -= count;
                compressed = compressed[count..];
            }
            else if (!TryTake(compressed[0]))
            {
                return false;
            }
            else
            {
                compressed = compressed[1..];
            }

            if (_expandedBytes + _literalsLeft > mostBytes)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Gives out what is left. False if bytes are missing or the whole is not as long as stated.</summary>
    public bool TryEnd(long lengthBytes)
    {
        Give();
        return _literalsLeft == 0 && _control < 0 && _expandedBytes == lengthBytes;
    }

    /// <summary>One byte that is not a literal: a control byte, a longer length, or the low bits of a distance.</summary>
    private bool TryTake(byte next)
    {
        if (_control < 0)
        {
            if (next < 32)
            {
                _literalsLeft = next + 1;
            }
            else
            {
                _control = next;
                _length = (next >> 5) < 7 ? (next >> 5) + 2 : -1;
            }

            return true;
        }

        if (_length < 0)
        {
            _length = next + 9;
            return true;
        }

        int distance = (((_control & 31) << 8) | next) + 1;
        Room(_length);
        if (distance > _end)
        {
            return false;
        }

        // Byte by byte: where the distance is shorter than the length, the bytes that are copied are the ones just written.
        for (int i = 0; i < _length; i++, _end++)
        {
            _buffer[_end] = _buffer[_end - distance];
        }

        _expandedBytes += _length;
        _control = -1;
        _length = -1;
        return true;
    }

    private void Room(int count)
    {
        if (_end + count <= _buffer.Length)
        {
            return;
        }

        Give();
        _buffer.AsSpan(_end - Lzf.MaxDistance, Lzf.MaxDistance).CopyTo(_buffer);
        _end = Lzf.MaxDistance;
        _given = _end;
    }

    private void Give()
    {
        if (_end > _given)
        {
            output(_buffer.AsSpan(_given, _end - _given));
            _given = _end;
        }
    }
}
