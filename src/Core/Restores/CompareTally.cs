namespace CacheBackup.Core.Restores;

/// <summary>Counts what a comparison finds.</summary>
internal sealed class CompareTally
{
    private readonly Dictionary<int, long> _expired = [];
    private readonly List<CompareDifference> _differences = [];
    private readonly List<string> _functionDigests = [];
    private long _compared;
    private long _equal;
    private long _differenceCount;
    private long? _nextExpiry;

    public void AddFunction(string digest) => _functionDigests.Add(digest);

    public void AddEqual(long? expireAtMilliseconds)
    {
        _compared++;
        _equal++;
        if (expireAtMilliseconds is { } expiry)
        {
            _nextExpiry = Math.Min(_nextExpiry ?? long.MaxValue, expiry);
        }
    }

    public void AddExpired(int database)
    {
        _compared++;
        _expired[database] = _expired.GetValueOrDefault(database) + 1;
    }

    public void AddDifferentKey(CompareDifferenceKind kind, in RestoreEntry entry)
    {
        _compared++;
        Add(new CompareDifference(kind, 1, entry.Database, entry.OffsetBytes));
    }

    public void Add(CompareDifference difference)
    {
        _differenceCount++;
        if (_differences.Count < CompareReport.MaxListed)
        {
            _differences.Add(difference);
        }
    }

    public CompareReport ToReport() => CompareReport.Empty with
    {
        Compared = _compared,
        Equal = _equal,
        ExpiredSinceByDatabase = _expired,
        NextExpiryMilliseconds = _nextExpiry,
        FunctionDigests = _functionDigests,
        Differences = _differences,
        DifferenceCount = _differenceCount,
    };
}
