using System.Globalization;

namespace CacheBackup.Core.Catalog;

/// <summary>
/// A time as a part of a key that LIST returns newest first: milliseconds counted down, in three levels (about a day, a quarter of an
/// hour, a millisecond), so that no level of a directory holds everything.
/// </summary>
public static class DescendingTime
{
    private const long End = 9_999_999_999_999;
    private const int DayDigits = 5;
    private const int QuarterDigits = 2;

    /// <summary>Digits and slashes together.</summary>
    public const int Length = 15;

    /// <summary><c>12345/67/890123</c>. Times outside the years 1970–2286 are moved to their nearest end.</summary>
    public static string Of(DateTimeOffset time)
    {
        long left = End - Math.Clamp(time.ToUnixTimeMilliseconds(), 0, End);
        string digits = left.ToString("D13", CultureInfo.InvariantCulture);
        return $"{digits[..DayDigits]}/{digits[DayDigits..(DayDigits + QuarterDigits)]}/{digits[(DayDigits + QuarterDigits)..]}";
    }

    /// <summary>The end of a key: <c>12345/67/890123-name</c>.</summary>
    public static string KeyOf(DateTimeOffset time, string name) => $"{Of(time)}-{name}";

    /// <summary>Takes the end of a key apart; null where it does not end like <see cref="KeyOf"/>.</summary>
    public static (DateTimeOffset Time, string Name)? ParseEnd(ReadOnlySpan<char> key)
    {
        int last = key.LastIndexOf('/') + 1;
        int start = last - DayDigits - QuarterDigits - 2;
        if (start < 0 || key.Length <= start + Length || key[start + Length] != '-')
        {
            return null;
        }

        return Parse(key.Slice(start, Length)) is { } time ? (time, key[(start + Length + 1)..].ToString()) : null;
    }

    /// <summary>The time behind <see cref="Of"/>, to the millisecond; null where the text is not one.</summary>
    public static DateTimeOffset? Parse(ReadOnlySpan<char> text)
    {
        if (text.Length != Length || text[DayDigits] != '/' || text[DayDigits + QuarterDigits + 1] != '/')
        {
            return null;
        }

        string digits = string.Concat(text[..DayDigits], text.Slice(DayDigits + 1, QuarterDigits), text[(DayDigits + QuarterDigits + 2)..]);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long left)
            ? DateTimeOffset.FromUnixTimeMilliseconds(End - left)
            : null;
    }
}
