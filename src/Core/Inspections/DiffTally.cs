namespace CacheBackup.Core.Inspections;

/// <summary>Counts compared keys, and keeps some places of those that differ.</summary>
internal sealed class DiffTally(int prefixes, int examples)
{
    private readonly DiffCounts[] _prefixes = [.. Enumerable.Range(0, prefixes + 1).Select(_ => new DiffCounts())];
    private readonly SortedDictionary<int, DiffCounts> _databases = [];

    // Of each kind those that stand first in their file: the farthest comes off first.
    private readonly PriorityQueue<DiffExample, long>[] _examples =
        [.. Enum.GetValues<DiffKind>().Select(_ => new PriorityQueue<DiffExample, long>())];

    public DiffCounts Total { get; } = new();

    public IReadOnlyList<NamedGroup<int, DiffCounts>> Databases =>
        [.. _databases.Select(database => new NamedGroup<int, DiffCounts>(database.Key, database.Value))];

    public IReadOnlyList<DiffExample> Examples =>
        [.. _examples.SelectMany(kind => kind.UnorderedItems.Select(item => item.Element).OrderBy(example => example.OffsetBytes))];

    public DiffCounts OfPrefix(int number) => _prefixes[number];

    /// <param name="record">Of the second file; of the first one where the second has none.</param>
    /// <param name="kind">Null: equal.</param>
    public void Add(in DiffRecord record, DiffKind? kind)
    {
        Total.Add(kind);
        _prefixes[record.Prefix].Add(kind);
        if (!_databases.TryGetValue(record.Database, out DiffCounts? database))
        {
            _databases.Add(record.Database, database = new DiffCounts());
        }

        database.Add(kind);
        if (kind is { } differing && examples > 0)
        {
            _examples[(int)differing].Enqueue(new DiffExample(differing, record.Database, record.OffsetBytes, record.ValueFamily), -record.OffsetBytes);
            if (_examples[(int)differing].Count > examples)
            {
                _examples[(int)differing].Dequeue();
            }
        }
    }
}
