using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Restores;

/// <summary>
/// Turns a stored string that comes in fragments into pieces of the string itself, as clients know it, in flat memory: one piece and the
/// 8 KiB that a compressed string looks back. Fragments are pushed with <see cref="Take"/>; whenever <see cref="HasPiece"/>, the piece is to
/// be used and let go with <see cref="Release"/>, and the rest of the fragment, be it empty, pushed again.
/// </summary>
internal sealed class StringPieces(long storedBytes, long offsetBytes)
{
    public const int PieceBytes = 1024 * 1024;
    private const int LongestHeadBytes = 19;

    private readonly byte[] _output = GC.AllocateUninitializedArray<byte>(Lzf.MaxDistance + PieceBytes);
    private readonly byte[] _head = new byte[LongestHeadBytes];
    private int _headBytes;
    private StringToken? _token;

    private int _begin = Lzf.MaxDistance;
    private int _end = Lzf.MaxDistance;
    private long _produced;
    private long _consumed;

    private LzfStep _step;
    private int _run;
    private int _distance;

    private enum LzfStep
    {
        Control,
        MoreLength,
        Distance,
        Literals,
        Repetition,
    }

    /// <summary>The length of the whole string; null until its head has been seen.</summary>
    public long? LengthBytes => _token?.Length;

    public bool HasPiece => _end == _output.Length;

    public ReadOnlyMemory<byte> Piece => _output.AsMemory(_begin, _end - _begin);

    /// <summary>Takes what it can of a fragment and says how much that was; less than all only when a piece is full.</summary>
    /// <exception cref="RdbFormatException">The bytes are no stored string.</exception>
    public int Take(ReadOnlySpan<byte> fragment)
    {
        int given = fragment.Length;
        while (_token is null && !fragment.IsEmpty)
        {
            _head[_headBytes++] = fragment[0];
            fragment = fragment[1..];
            ReadHead();
        }

        if (_token is { } token)
        {
            fragment = token.Form == StringForm.Compressed ? Expand(fragment) : Copy(fragment);
        }

        _consumed += given - fragment.Length;
        return given - fragment.Length;
    }

    /// <summary>Makes room for the next piece; what a repetition may still look back at stays.</summary>
    public void Release()
    {
        _output.AsSpan(_end - Lzf.MaxDistance, Lzf.MaxDistance).CopyTo(_output);
        (_begin, _end) = (Lzf.MaxDistance, Lzf.MaxDistance);
    }

    /// <summary>Requires that all of the string has been seen; what is in <see cref="Piece"/> is its last piece.</summary>
    /// <exception cref="RdbFormatException">It is shorter or longer than it says.</exception>
    public void RequireWhole()
    {
        if (_token is not { } token || _produced != token.Length || _consumed != storedBytes || (_step != LzfStep.Control && token.Form == StringForm.Compressed))
        {
            throw Broken();
        }
    }

    private void ReadHead()
    {
        var window = new ByteWindow(_head.AsSpan(0, _headBytes), offsetBytes);
        if (window.TryReadString(offsetBytes + storedBytes, out StringToken token))
        {
            _token = token.Form == StringForm.Number ? throw Broken() : token;
        }
        else if (_headBytes == LongestHeadBytes)
        {
            throw Broken();
        }
    }

    private ReadOnlySpan<byte> Copy(ReadOnlySpan<byte> fragment)
    {
        int count = Math.Min(fragment.Length, _output.Length - _end);
        Produce(fragment[..count]);
        return fragment[count..];
    }

    private ReadOnlySpan<byte> Expand(ReadOnlySpan<byte> fragment)
    {
        while (!HasPiece && (!fragment.IsEmpty || _step == LzfStep.Repetition))
        {
            switch (_step)
            {
                case LzfStep.Control:
                    int control = fragment[0];
                    fragment = fragment[1..];
                    _step = control < 32 ? LzfStep.Literals : control >> 5 == 7 ? LzfStep.MoreLength : LzfStep.Distance;
                    _run = control < 32 ? control + 1 : (control >> 5) + 2;
                    _distance = (control & 31) << 8;
                    break;
                case LzfStep.MoreLength:
                    _run += fragment[0];
                    fragment = fragment[1..];
                    _step = LzfStep.Distance;
                    break;
                case LzfStep.Distance:
                    _distance += fragment[0] + 1;
                    fragment = fragment[1..];
                    _step = _distance <= _produced ? LzfStep.Repetition : throw Broken();
                    break;
                case LzfStep.Literals:
                    int count = Math.Min(_run, Math.Min(fragment.Length, _output.Length - _end));
                    Produce(fragment[..count]);
                    fragment = fragment[count..];
                    EndRun(count);
                    break;
                default:
                    EndRun(Repeat());
                    break;
            }
        }

        return fragment;
    }

    /// <summary>Copies byte by byte where source and target overlap, which is how a short repetition fills a long run.</summary>
    private int Repeat()
    {
        int count = Math.Min(_run, _output.Length - _end);
        if (_distance >= count)
        {
            Produce(_output.AsSpan(_end - _distance, count));
            return count;
        }

        for (int i = 0; i < count; i++)
        {
            _output[_end] = _output[_end - _distance];
            _end++;
        }

        _produced += count;
        return count;
    }

    private void EndRun(int count)
    {
        _run -= count;
        if (_run == 0)
        {
            _step = LzfStep.Control;
        }
    }

    private void Produce(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_output.AsSpan(_end));
        _end += bytes.Length;
        _produced += bytes.Length;
    }

    private RdbFormatException Broken() =>
        new(RdbError.BadCompression, offsetBytes, "A stored string is not of the length that it states");
}
