namespace CacheBackup.Core.Inspections;

/// <summary>Keeps so many of the biggest keys by one measure. Where two are equal, the one that came first is kept.</summary>
internal sealed class BiggestKeys(int most)
{
    // The smallest of the biggest comes off first, of equals the latest.
    private readonly PriorityQueue<BigKey, (long Size, long Order)> _keys = new();
    private long _order;

    public IEnumerable<BigKey> InOrder =>
        _keys.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element);

    public bool Takes(long size) => most > 0 && (_keys.Count < most || (_keys.TryPeek(out _, out var smallest) && size > smallest.Size));

    public void Add(BigKey key, long size)
    {
        if (_keys.Count == most)
        {
            _keys.Dequeue();
        }

        _keys.Enqueue(key, (size, --_order));
    }
}
