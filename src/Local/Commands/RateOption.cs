using System.Buffers;
using System.CommandLine;
using System.Globalization;
using CacheBackup.Core.Restores;

namespace CacheBackup.Local.Commands;

/// <summary>
/// <c>--max-rate</c>: a number and its unit, bytes (<c>B</c>; <c>kB</c>, <c>MB</c>, <c>GB</c> by thousands, <c>KiB</c>, <c>MiB</c>, <c>GiB</c> by
/// 1,024) or <c>keys</c>, a second: <c>20MB/s</c>, <c>5000keys/s</c>. Given twice, both hold.
/// </summary>
internal static class RateOption
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly Dictionary<string, long> BytesByUnit = new(StringComparer.OrdinalIgnoreCase)
    {
        ["B"] = 1,
        ["kB"] = 1_000,
        ["MB"] = 1_000_000,
        ["GB"] = 1_000_000_000,
        ["KiB"] = 1L << 10,
        ["MiB"] = 1L << 20,
        ["GiB"] = 1L << 30,
    };

    public static Option<string[]> Create() => new("--max-rate")
    {
        Description = "The most that is written a second, all connections together: bytes of keys and values as the backup holds them (20MB, 512KiB; "
            + "at least 64KiB) or keys (5000keys). May be given once for each. Default: as fast as the cache takes it.",
        HelpName = "rate",
    };

    /// <summary>What was asked for; null: no limit.</summary>
    /// <exception cref="BadUsageException">A text is no rate.</exception>
    /// <exception cref="Core.Model.InvalidRequestException">A limit is none that can be kept.</exception>
    public static RestoreRate? Read(IReadOnlyList<string>? texts)
    {
        long? bytes = null;
        long? keys = null;
        foreach (string text in texts ?? [])
        {
            (long amount, bool isKeys) = Parse(text);
            if ((isKeys ? keys : bytes) is not null)
            {
                throw new BadUsageException($"--max-rate was given twice for {(isKeys ? "keys" : "bytes")}.");
            }

            bytes = isKeys ? bytes : amount;
            keys = isKeys ? amount : keys;
        }

        return RestoreRate.Of(bytes, keys);
    }

    private static (long Amount, bool IsKeys) Parse(string text)
    {
        string rate = text.EndsWith("/s", StringComparison.OrdinalIgnoreCase) ? text[..^2] : text;
        int digits = rate.AsSpan().IndexOfAnyExcept(Digits);
        string unit = digits < 0 ? string.Empty : rate[digits..].Trim();
        bool isKeys = unit.Equals("keys", StringComparison.OrdinalIgnoreCase);
        long factor = isKeys ? 1 : BytesByUnit.GetValueOrDefault(unit);
        return factor > 0
            && decimal.TryParse(rate.AsSpan(0, Math.Max(digits, 0)), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            && number > 0
            && number <= long.MaxValue / 2 / factor
            ? ((long)(number * factor), isKeys)
            : throw new BadUsageException(
                $"--max-rate {text} is no rate. Write a number and its unit, {string.Join(", ", BytesByUnit.Keys)} or keys: 20MB/s, 5000keys/s.");
    }
}
