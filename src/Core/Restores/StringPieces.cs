using System.Buffers;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Restores;

/// <summary>
/// Turns a stored string that comes in fragments into pieces of the string itself, as clients know it, in flat memory. Fragments are pushed
/// with <see cref="Take"/>; whenever <see cref="HasPiece"/>, the piece is to be used and let go with <see cref="Release"/>, and the rest of the
/// fragment pushed again. What is left at the end is in <see cref="Piece"/> after <see cref="RequireWhole"/>.
/// </summary>
internal sealed class StringPieces
{
    /// <summary>A piece has at least this many bytes, the last one excepted, and at most what one slice can add.</summary>
    public const int PieceBytes = 1024 * 1024;

    /// <summary>How much is taken at a time: compressed, it becomes at most 88 times as much.</summary>
    private const int SliceBytes = 8 * 1024;
    private const int LongestHeadBytes = 19;

    private readonly long _storedBytes;
    private readonly long _offsetBytes;
    private readonly ArrayBufferWriter<byte> _piece = new(PieceBytes + SliceBytes);
    private readonly LzfExpander _expander;
    private readonly byte[] _head = new byte[LongestHeadBytes];
    private int _headBytes;
    private StringToken? _token;
    private long _released;

    /// <param name="storedBytes">The length of the stored string, its head included.</param>
    /// <param name="offsetBytes">Where in its file it belongs to an entry: what errors name.</param>
    public StringPieces(long storedBytes, long offsetBytes)
    {
        _storedBytes = storedBytes;
        _offsetBytes = offsetBytes;
        _expander = new LzfExpander(_piece.Write);
        _expander.Begin();
    }

    /// <summary>The length of the whole string; null until its head has been seen.</summary>
    public long? LengthBytes => _token?.Length;

    public bool HasPiece => _piece.WrittenCount >= PieceBytes;

    public ReadOnlyMemory<byte> Piece => _piece.WrittenMemory;

    /// <summary>Takes what it can of a fragment and says how much that was; less than all only when there is a piece.</summary>
    /// <exception cref="RdbFormatException">The bytes are no stored string.</exception>
    public int Take(ReadOnlySpan<byte> fragment)
    {
        int position = 0;
        while (_token is null && position < fragment.Length)
        {
            _head[_headBytes++] = fragment[position++];
            ReadHead();
        }

        while (position < fragment.Length && !HasPiece)
        {
            ReadOnlySpan<byte> slice = fragment.Slice(position, Math.Min(SliceBytes, fragment.Length - position));
            if (_token!.Value.Form == StringForm.Raw)
            {
                _piece.Write(slice);
            }
            else if (!_expander.TryExpand(slice, _token.Value.Length))
            {
                throw Broken();
            }

            position += slice.Length;
        }

        return position;
    }

    /// <summary>Makes room for the next piece.</summary>
    public void Release()
    {
        _released += _piece.WrittenCount;
        _piece.ResetWrittenCount();
    }

    /// <summary>Requires that all of the string has been seen, and leaves what was not released in <see cref="Piece"/>.</summary>
    /// <exception cref="RdbFormatException">It is shorter or longer than it says.</exception>
    public void RequireWhole()
    {
        if (_token is not { } token
            || (token.Form == StringForm.Compressed && !_expander.TryEnd(token.Length))
            || _released + _piece.WrittenCount != token.Length)
        {
            throw Broken();
        }
    }

    private void ReadHead()
    {
        var window = new ByteWindow(_head.AsSpan(0, _headBytes), _offsetBytes);
        if (window.TryReadString(_offsetBytes + _storedBytes, out StringToken token))
        {
            _token = token.Form == StringForm.Number ? throw Broken() : token;
        }
        else if (_headBytes == LongestHeadBytes)
        {
            throw Broken();
        }
    }

    private RdbFormatException Broken() =>
        new(RdbError.BadCompression, _offsetBytes, "A stored string is not of the length that it states");
}
