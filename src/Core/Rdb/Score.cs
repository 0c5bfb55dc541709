using System.Buffers.Text;

namespace CacheBackup.Core.Rdb;

/// <summary>Scores of sorted sets that are stored as text.</summary>
public static class Score
{
    /// <summary>Reads a score as servers print one. Not-a-number is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out double score)
    {
        if (Utf8Parser.TryParse(text, out score, out int used) && used == text.Length && used > 0)
        {
            return !double.IsNaN(score);
        }

        bool isNegative = text.StartsWith("-"u8);
        var name = isNegative ? text[1..] : text;
        score = isNegative ? double.NegativeInfinity : double.PositiveInfinity;
        return System.Text.Ascii.EqualsIgnoreCase(name, "inf"u8);
    }
}
