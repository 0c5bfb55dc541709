namespace CacheBackup.Core.Inspections;

/// <summary>Keeps so many of the biggest keys by one measure. Where two are equal, the one that stands first in the file is kept.</summary>
internal sealed class BiggestKeys(int most)
{
    // The smallest of the biggest comes off first, of equals the latest.
    private readonly PriorityQueue<BigKey, (long Size, long NegativeOffset)> _keys = new();

    public IEnumerable<BigKey> InOrder =>
        _keys.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element);

    /// <param name="size">By the measure.</param>
    /// <param name="offsetBytes">Where in the file the entry begins.</param>
    public bool Takes(long size, long offsetBytes) =>
        most > 0 && (_keys.Count < most || (_keys.TryPeek(out _, out var smallest) && (size, -offsetBytes).CompareTo(smallest) > 0));

    /// <summary>Adds what <see cref="Takes"/> has said yes to.</summary>
    public void Add(BigKey key, long size, long offsetBytes)
    {
        if (_keys.Count == most)
        {
            _keys.Dequeue();
        }

        _keys.Enqueue(key, (size, -offsetBytes));
    }

    /// <summary>Adds those of another part of the file.</summary>
    public void Add(BiggestKeys other)
    {
        foreach ((BigKey key, (long size, long negativeOffset)) in other._keys.UnorderedItems)
        {
            if (Takes(size, -negativeOffset))
            {
                Add(key, size, -negativeOffset);
            }
        }
    }
}
