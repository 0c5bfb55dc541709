namespace CacheBackup.Core.Inspections;

/// <summary>
/// One counter for each prefix, up to a number of them; what comes beyond counts among the others, and so do prefixes too long to be kept.
/// </summary>
internal sealed class PrefixTable<T>
    where T : class, new()
{
    private const int LongestPrefix = 128;

    private readonly Dictionary<byte[], T> _counters = new(PrefixComparer.Instance);
    private readonly Dictionary<byte[], T>.AlternateLookup<ReadOnlySpan<byte>> _bySpan;
    private readonly int _most;

    public PrefixTable(int most)
    {
        _most = most;
        _bySpan = _counters.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Prefixes with a counter of their own. The empty one stands for keys without a separator.</summary>
    public IEnumerable<KeyValuePair<byte[], T>> Counters => _counters;

    /// <summary>The counter of all prefixes that have none of their own.</summary>
    public T Others { get; } = new();

    /// <summary>The counter that a prefix belongs to.</summary>
    public T Of(ReadOnlySpan<byte> prefix)
    {
        if (_bySpan.TryGetValue(prefix, out T? counter))
        {
            return counter;
        }

        if (_counters.Count >= _most || prefix.Length > LongestPrefix)
        {
            return Others;
        }

        counter = new T();
        _counters.Add(prefix.ToArray(), counter);
        return counter;
    }
}
