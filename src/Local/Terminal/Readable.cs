using System.Globalization;

namespace CacheBackup.Local.Terminal;

/// <summary>Numbers as people read them; the same in every locale.</summary>
internal static class Readable
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>Three significant digits: <c>512 B</c>, <c>1.25 GiB</c>, <c>64.0 MiB</c>.</summary>
    public static string Bytes(double bytes)
    {
        int unit = 0;
        while (bytes >= 999.5 && unit < Units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }

        string format = unit == 0 || bytes >= 99.95 ? "0" : bytes >= 9.995 ? "0.0" : "0.00";
        return $"{bytes.ToString(format, CultureInfo.InvariantCulture)} {Units[unit]}";
    }

    /// <summary><c>1,234,567</c>.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>1,234,567 keys</c>, <c>1 key</c>.</summary>
    public static string Count(long count, string one, string? many = null) => $"{Count(count)} {(count == 1 ? one : many ?? one + "s")}";

    /// <summary>Two units at most: <c>0.4 s</c>, <c>12 s</c>, <c>3 min 05 s</c>, <c>2 h 07 min</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        string text = time switch
        {
            { TotalSeconds: < 9.95 } => $"{time.TotalSeconds:0.0} s",
            { TotalSeconds: < 59.5 } => $"{time.TotalSeconds:0} s",
            { TotalHours: < 1 } => $"{(int)time.TotalMinutes} min {time.Seconds:00} s",
            _ => $"{(long)time.TotalHours} h {time.Minutes:00} min",
        };
        return text;
    }

    public static string Rate(double bytes, TimeSpan time) => $"{Bytes(time > TimeSpan.Zero ? bytes / time.TotalSeconds : 0)}/s";

    /// <summary>To the second, in UTC.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A key or text from a cache, on one line and harmless for a terminal: what is not printable ASCII is escaped.</summary>
    public static string Text(ReadOnlySpan<byte> bytes, int longest = 60)
    {
        System.Text.StringBuilder text = new();
        foreach (byte value in bytes)
        {
            if (text.Length >= longest)
            {
                return text.Append('…').ToString();
            }

            _ = value switch
            {
                (byte)'\\' => text.Append(@"\\"),
                >= 0x20 and < 0x7f => text.Append((char)value),
                _ => text.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}"),
            };
        }

        return text.ToString();
    }
}
