using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Rewrites;

/// <summary>Cluster slots from <paramref name="First"/> to <paramref name="Last"/>, both included.</summary>
public readonly record struct SlotRange(int First, int Last)
{
    /// <summary>All slots in so many ranges, as even as can be.</summary>
    /// <param name="shards">1 to 16,384.</param>
    public static IReadOnlyList<SlotRange> Even(int shards)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shards, KeySlot.Count);
        return
        [
            .. Enumerable.Range(0, shards).Select(i => new SlotRange(
                (int)((long)i * KeySlot.Count / shards), (int)((long)(i + 1) * KeySlot.Count / shards) - 1)),
        ];
    }

    /// <summary>Reads <c>0-5460</c> or <c>5461</c>.</summary>
    /// <exception cref="InvalidRequestException">It is no range of slots.</exception>
    public static SlotRange Parse(string text)
    {
        string[] bounds = text.Split('-');
        if (bounds.Length is 1 or 2
            && int.TryParse(bounds[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
            && int.TryParse(bounds[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last)
            && first <= last && last < KeySlot.Count)
        {
            return new SlotRange(first, last);
        }

        throw new InvalidRequestException($"'{text}' is no range of slots: write two numbers from 0 to {KeySlot.Count - 1}, such as 0-5460.");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");
}
