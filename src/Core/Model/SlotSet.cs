using System.Globalization;
using System.Text;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Model;

/// <summary>
/// Some of a cluster's slots (0–16,383), in one canonical text: ranges in order, none touching the next, as <c>0-5460,5462</c>. Two sets of the same
/// slots are equal. What a shard of a cluster is known by.
/// </summary>
public readonly record struct SlotSet : ICatalogText<SlotSet>
{
    private readonly string? _value;

    private SlotSet(string value) => _value = value;

    /// <summary>No slot.</summary>
    public static SlotSet None => default;

    /// <summary>Every slot.</summary>
    public static SlotSet All { get; } = new($"0-{KeySlot.Count - 1}");

    public string Value => _value ?? string.Empty;

    public bool IsEmpty => Value.Length == 0;

    /// <summary>How many slots.</summary>
    public int Count => Ranges.Sum(range => range.Last - range.First + 1);

    /// <summary>The lowest slot; <see cref="KeySlot.Count"/> where there is none.</summary>
    public int First => IsEmpty ? KeySlot.Count : Ranges.First().First;

    private IEnumerable<(int First, int Last)> Ranges
    {
        get
        {
            foreach (string range in Value.Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                yield return RangeOf(range);
            }
        }
    }

    /// <exception cref="InvalidRequestException">The text is no list of slots and ranges.</exception>
    public static SlotSet FromCatalog(string text)
    {
        bool[] table = new bool[KeySlot.Count];
        foreach (string range in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            (int first, int last) = RangeOf(range);
            Array.Fill(table, true, first, last - first + 1);
        }

        return Of(table);
    }

    /// <param name="table">One element a slot: true where it is in the set.</param>
    public static SlotSet Of(ReadOnlySpan<bool> table)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(table.Length, KeySlot.Count);
        var text = new StringBuilder();
        for (int slot = 0; slot < KeySlot.Count; slot++)
        {
            if (!table[slot])
            {
                continue;
            }

            int last = slot;
            while (last + 1 < KeySlot.Count && table[last + 1])
            {
                last++;
            }

            text.Append(text.Length == 0 ? string.Empty : ",").Append(CultureInfo.InvariantCulture, $"{slot}");
            if (last > slot)
            {
                text.Append(CultureInfo.InvariantCulture, $"-{last}");
            }

            slot = last;
        }

        // No text for no slot, so that it equals the value that was never set.
        return text.Length == 0 ? None : new SlotSet(text.ToString());
    }

    /// <summary>One element a slot: what a test of every key asks.</summary>
    public bool[] ToTable()
    {
        bool[] table = new bool[KeySlot.Count];
        foreach ((int first, int last) in Ranges)
        {
            Array.Fill(table, true, first, last - first + 1);
        }

        return table;
    }

    /// <summary>How many slots are in both.</summary>
    public int CountShared(SlotSet other) =>
        Ranges.Sum(mine => other.Ranges.Sum(theirs => Math.Max(0, Math.Min(mine.Last, theirs.Last) - Math.Max(mine.First, theirs.First) + 1)));

    public override string ToString() => Value;

    private static (int First, int Last) RangeOf(string text)
    {
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        ReadOnlySpan<char> low = dash < 0 ? text : text.AsSpan(0, dash);
        ReadOnlySpan<char> high = dash < 0 ? text : text.AsSpan(dash + 1);
        return int.TryParse(low, NumberStyles.None, CultureInfo.InvariantCulture, out int first)
            && int.TryParse(high, NumberStyles.None, CultureInfo.InvariantCulture, out int last)
            && first <= last && last < KeySlot.Count
            ? (first, last)
            : throw new InvalidRequestException($"\"{text}\" is no range of cluster slots, such as 0-5460.");
    }
}
