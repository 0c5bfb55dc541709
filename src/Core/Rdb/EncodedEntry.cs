using System.Buffers.Text;

namespace CacheBackup.Core.Rdb;

/// <summary>One entry of a listpack or ziplist: a text, or a number that stands for its text.</summary>
internal readonly ref struct EncodedEntry
{
    /// <summary>The longest text of a 64-bit number.</summary>
    public const int MaxNumberBytes = 20;

    private readonly ReadOnlySpan<byte> _text;

    public EncodedEntry(ReadOnlySpan<byte> text) => _text = text;

    public EncodedEntry(long number)
    {
        Number = number;
        IsNumber = true;
    }

    public bool IsNumber { get; }

    public long Number { get; }

    /// <summary>The text; a number is written to <paramref name="buffer"/>, of at least <see cref="MaxNumberBytes"/>.</summary>
    public ReadOnlySpan<byte> AsText(Span<byte> buffer)
    {
        if (!IsNumber)
        {
            return _text;
        }

        Utf8Formatter.TryFormat(Number, buffer, out int written);
        return buffer[..written];
    }

    /// <summary>The number, also where it is stored as its text.</summary>
    public bool TryGetNumber(out long number)
    {
        if (IsNumber)
        {
            number = Number;
            return true;
        }

        return Utf8Parser.TryParse(_text, out number, out int used) && used == _text.Length && used > 0;
    }

    public bool TryGetScore(out double score)
    {
        if (IsNumber)
        {
            score = Number;
            return true;
        }

        return Score.TryParse(_text, out score);
    }
}
