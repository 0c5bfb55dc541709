using System.Globalization;
using System.Text;
using CacheBackup.Core.Rdb;
using CacheBackup.Local.Terminal;

namespace CacheBackup.Local.Commands;

/// <summary>Sorts what a reader meets into groups, and keeps the biggest keys.</summary>
internal sealed class InspectionTally(int biggest) : RdbHandler
{
    private const int LongestKeyShown = 512;
    private static readonly (string Name, TimeSpan Until)[] Lifetimes =
    [
        ("expired", TimeSpan.Zero),
        ("under an hour", TimeSpan.FromHours(1)),
        ("under a day", TimeSpan.FromDays(1)),
        ("under a week", TimeSpan.FromDays(7)),
        ("under 30 days", TimeSpan.FromDays(30)),
        ("longer", TimeSpan.MaxValue),
    ];

    private readonly SortedDictionary<int, Group> _types = [];
    private readonly SortedDictionary<int, Group> _databases = [];
    private readonly Group[] _lifetimes = [.. Lifetimes.Select(_ => new Group())];
    private readonly List<InspectedFunction> _functions = [];

    // The smallest of the biggest comes off first.
    private readonly PriorityQueue<InspectedKey, long> _biggest = new();

    private RdbEntryStart _entry;
    private byte[] _key = [];
    private int _keyLength;
    private long? _createdAtMilliseconds;

    public IReadOnlyList<InspectedGroup> Types =>
    [
        .. _types.GroupBy(type => ValueKind.Of((RdbType)type.Key), type => type.Value)
            .Select(group => Sum(group.Key, group))
            .OrderByDescending(group => group.Bytes),
    ];

    public IReadOnlyList<InspectedGroup> Encodings =>
        [.. _types.Select(type => type.Value.Named(ValueKind.EncodingOf((RdbType)type.Key))).OrderByDescending(group => group.Bytes)];

    public IReadOnlyList<InspectedGroup> Databases =>
        [.. _databases.Select(database => database.Value.Named(database.Key.ToString(CultureInfo.InvariantCulture)))];

    public IReadOnlyList<InspectedGroup> Expiries =>
        [.. Lifetimes.Select((lifetime, i) => _lifetimes[i].Named(lifetime.Name)).Where(group => group.Keys > 0)];

    public IReadOnlyList<InspectedFunction> Functions => _functions;

    public IReadOnlyList<InspectedKey> Biggest =>
        [.. _biggest.UnorderedItems.Select(item => item.Element).OrderByDescending(key => key.Bytes).ThenBy(key => key.Key, StringComparer.Ordinal)];

    public override void OnAuxiliary(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual("ctime"u8) && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds))
        {
            _createdAtMilliseconds = Math.Min(seconds, DateTimeOffset.MaxValue.ToUnixTimeSeconds()) * 1000;
        }
    }

    public override void OnFunction(ReadOnlySpan<byte> librarySource, long offsetBytes)
    {
        // #!lua name=library
        int end = librarySource.IndexOf((byte)'\n');
        string[] words = Encoding.UTF8.GetString(end < 0 ? librarySource : librarySource[..end])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string? engine = words is [['#', '!', .. var name], ..] ? name : null;
        string? library = Array.Find(words, word => word.StartsWith("name=", StringComparison.Ordinal))?["name=".Length..];
        _functions.Add(new InspectedFunction(library, engine, librarySource.Length));
    }

    public override void OnEntryStart(in RdbEntryStart entry, ReadOnlySpan<byte> key)
    {
        _entry = entry;
        _keyLength = Math.Min(key.Length, LongestKeyShown);
        if (_key.Length < _keyLength)
        {
            _key = new byte[LongestKeyShown];
        }

        key[.._keyLength].CopyTo(_key);
    }

    public override void OnEntryEnd(in RdbEntryEnd end)
    {
        long bytes = end.EndOffsetBytes - _entry.OffsetBytes;
        bool expires = _entry.ExpireAtMilliseconds is not null;
        GroupOf(_types, (int)_entry.Type).Add(bytes, expires);
        GroupOf(_databases, _entry.Database).Add(bytes, expires);
        if (_entry.ExpireAtMilliseconds is { } expireAt)
        {
            _lifetimes[LifetimeOf(expireAt)].Add(bytes, expires: true);
        }

        Keep(bytes, end.ItemCount);
    }

    private static Group GroupOf(SortedDictionary<int, Group> groups, int key)
    {
        if (!groups.TryGetValue(key, out Group? group))
        {
            groups.Add(key, group = new Group());
        }

        return group;
    }

    private static InspectedGroup Sum(string name, IEnumerable<Group> groups)
    {
        Group sum = new();
        foreach (Group group in groups)
        {
            sum.Add(group);
        }

        return sum.Named(name);
    }

    /// <summary>Without a creation time nothing counts as expired, and all is measured from 1970: it falls into the last group.</summary>
    private int LifetimeOf(long expireAtMilliseconds)
    {
        double left = expireAtMilliseconds - (double)(_createdAtMilliseconds ?? 0);
        return Array.FindIndex(Lifetimes, lifetime => left <= lifetime.Until.TotalMilliseconds) is var i and >= 0 ? i : Lifetimes.Length - 1;
    }

    private void Keep(long bytes, long items)
    {
        if (biggest == 0 || (_biggest.Count == biggest && _biggest.TryPeek(out _, out long smallest) && bytes <= smallest))
        {
            return;
        }

        InspectedKey key = new(
            _entry.Database,
            Readable.Text(_key.AsSpan(0, _keyLength), LongestKeyShown),
            ValueKind.Of(_entry.Type),
            ValueKind.EncodingOf(_entry.Type),
            bytes,
            items,
            ExpiryOf(_entry.ExpireAtMilliseconds));
        _biggest.Enqueue(key, bytes);
        if (_biggest.Count > biggest)
        {
            _biggest.Dequeue();
        }
    }

    private static DateTimeOffset? ExpiryOf(long? milliseconds) => milliseconds is { } known
        ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(known, 0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()))
        : null;

    private sealed class Group
    {
        private long _keys;
        private long _expiring;
        private long _bytes;

        public void Add(long bytes, bool expires)
        {
            _keys++;
            _bytes += bytes;
            _expiring += expires ? 1 : 0;
        }

        public void Add(Group other)
        {
            _keys += other._keys;
            _bytes += other._bytes;
            _expiring += other._expiring;
        }

        public InspectedGroup Named(string name) => new(name, _keys, _expiring, _bytes);
    }
}
