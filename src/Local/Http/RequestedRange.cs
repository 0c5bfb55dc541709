using System.Globalization;
using CacheBackup.Core.Storage;

namespace CacheBackup.Local.Http;

/// <summary>What a <c>Range</c> header asks of a file (RFC 9110, 14.2).</summary>
/// <param name="Bytes">The bytes to send; null: the range begins beyond the file's end.</param>
/// <param name="IsWhole">No range was asked for, or one that this server does not take: several at once.</param>
internal readonly record struct RequestedRange(ByteRange? Bytes, bool IsWhole)
{
    private const string Unit = "bytes=";

    public static RequestedRange Whole(long lengthBytes) => new(new ByteRange(0, lengthBytes), IsWhole: true);

    /// <param name="header">The header as it came; null: there is none.</param>
    /// <param name="lengthBytes">The file's length, at least 1.</param>
    public static RequestedRange Parse(string? header, long lengthBytes)
    {
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase) || header[Unit.Length..].Split('-') is not [var first, var last])
        {
            return Whole(lengthBytes);
        }

        bool hasFirst = TryNumber(first, out long begin);
        bool hasLast = TryNumber(last, out long end);
        return (hasFirst, hasLast) switch
        {
            (true, _) when (!hasLast && last.Trim().Length > 0) || (hasLast && end < begin) => Whole(lengthBytes),
            (true, _) when begin >= lengthBytes => default,
            (true, true) => Part(begin, Math.Min(end, lengthBytes - 1)),
            (true, false) => Part(begin, lengthBytes - 1),
            (false, true) when first.Trim().Length == 0 => end == 0 ? default : Part(Math.Max(0, lengthBytes - end), lengthBytes - 1),
            _ => Whole(lengthBytes),
        };
    }

    private static RequestedRange Part(long first, long last) => new(new ByteRange(first, last - first + 1), IsWhole: false);

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
