using System.Globalization;
using System.Text;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Inspections;

/// <summary>
/// Sorts what a <see cref="RdbReader"/> meets into groups, and decodes every value on the way. Memory does not grow with the file: a counter for each
/// type, database and one of a bounded number of prefixes, the biggest keys, and the largest encoded part of a value.
/// </summary>
/// <remarks>A value that cannot be decoded is counted and measured by its stored bytes: whether the file is whole its checksum says.</remarks>
public sealed partial class Inspector : RdbHandler
{
    /// <summary>Of a longer key name only so much is kept.</summary>
    public const int LongestKeyKept = 512;
    private const int LongestVersion = 32;

    private readonly InspectionOptions _options;
    private readonly SortedDictionary<int, KeyGroup> _types = [];
    private readonly SortedDictionary<int, KeyGroup> _databases = [];
    private readonly SortedDictionary<int, KeyGroup> _encodings = [];
    private readonly Histogram _lifetimes = new(0, 3_600_000, 86_400_000, 7 * 86_400_000d, 30 * 86_400_000d);
    private readonly Histogram _sizes = new(63, 1023, 16_383, 262_143, 1_048_575, 16_777_215);
    private readonly PrefixTable<KeyGroup> _prefixes;
    private readonly KeyPrefix _prefix;
    private readonly BiggestKeys _biggest;
    private readonly BiggestKeys _mostElements;
    private readonly List<InspectedLibrary> _functions = [];
    private readonly ValueMeasure _measure = new();
    private readonly ValueDecoder _decoder;
    private readonly byte[] _key = new byte[LongestKeyKept];

    private RdbMagic _magic;
    private RdbEntryStart _entry;
    private KeyGroup _prefixGroup = new();
    private int _keyLength;
    private int _keptLength;
    private bool _isUnsound;
    private bool _isKeyInEntry;
    private long? _createdAtMilliseconds;

    /// <exception cref="Model.InvalidRequestException">An option is out of its range.</exception>
    public Inspector(InspectionOptions options)
    {
        options.Validate();
        _options = options;
        _prefixes = new PrefixTable<KeyGroup>(options.MostPrefixes);
        _prefix = new KeyPrefix(options.Separator, options.PrefixDepth);
        _biggest = new BiggestKeys(options.Biggest);
        _mostElements = new BiggestKeys(options.Biggest);
        _decoder = new ValueDecoder(_measure, new ValueDecoderOptions { DuplicateCheckElements = 0 });
    }

    public IEnumerable<NamedGroup<RdbType, KeyGroup>> Types => _types.Select(type => new NamedGroup<RdbType, KeyGroup>((RdbType)type.Key, type.Value));

    public IEnumerable<NamedGroup<int, KeyGroup>> Databases => _databases.Select(database => new NamedGroup<int, KeyGroup>(database.Key, database.Value));

    public IEnumerable<NamedGroup<ServerEncoding, KeyGroup>> Encodings =>
        _encodings.Select(encoding => new NamedGroup<ServerEncoding, KeyGroup>((ServerEncoding)encoding.Key, encoding.Value));

    /// <summary>Each prefix that has a counter of its own; empty: keys without a separator.</summary>
    public IEnumerable<NamedGroup<byte[], KeyGroup>> Prefixes => _prefixes.Counters.Select(prefix => new NamedGroup<byte[], KeyGroup>(prefix.Key, prefix.Value));

    /// <summary>Keys of prefixes that came when no counter was left, or were too long for one.</summary>
    public KeyGroup OtherPrefixes => _prefixes.Others;

    /// <summary>Keys with an expiry by what was left when the file was written: expired, up to an hour, a day, a week, 30 days, longer.</summary>
    public IReadOnlyList<KeyGroup> Lifetimes => _lifetimes.Groups;

    /// <summary>Keys by their bytes in the file: below 64, 1 KiB, 16 KiB, 256 KiB, 1 MiB, 16 MiB, and from there.</summary>
    public IReadOnlyList<KeyGroup> Sizes => _sizes.Groups;

    public IEnumerable<BigKey> Biggest => _biggest.InOrder;

    public IEnumerable<BigKey> MostElements => _mostElements.InOrder;

    public IReadOnlyList<InspectedLibrary> Functions => _functions;

    /// <summary>Values whose inner structure contradicts itself.</summary>
    public long UnsoundValues { get; private set; }

    /// <summary>Where the first of them begins; null: there is none.</summary>
    public long? FirstUnsoundOffsetBytes { get; private set; }

    /// <summary>All data in a server, as <see cref="ServerMemory"/> estimates it: keys, values, and the tables of each database.</summary>
    public long MemoryBytes => _databases.Values.Sum(
        database => database.MemoryBytes + ServerMemory.Places(database.Keys) + ServerMemory.Places(database.KeysWithExpiry));

    public override void OnHeader(RdbVersion version) => _magic = version.Magic;

    public override void OnAuxiliary(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual("ctime"u8) && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds))
        {
            _createdAtMilliseconds = Math.Min(seconds, DateTimeOffset.MaxValue.ToUnixTimeSeconds()) * 1000;
        }
        else if (name.SequenceEqual("valkey-ver"u8) || name.SequenceEqual("redis-ver"u8))
        {
            LearnServer(isValkey: name[0] == 'v', value);
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
        _functions.Add(new InspectedLibrary(library, engine, librarySource.Length));
    }

    public override void OnEntryStart(in RdbEntryStart entry, ReadOnlySpan<byte> key)
    {
        _entry = entry;
        _keyLength = key.Length;
        _keptLength = Math.Min(key.Length, LongestKeyKept);
        key[.._keptLength].CopyTo(_key);
        _prefixGroup = _prefixes.Of(_prefix.Of(key));
        _isUnsound = false;
        _decoder.Begin(_magic, entry.Type, entry.ValueOffsetBytes);
    }

    public override void OnValue(ReadOnlySpan<byte> fragment)
    {
        if (!_isUnsound)
        {
            try
            {
                _decoder.Write(fragment);
            }
            catch (RdbFormatException)
            {
                _isUnsound = true;
            }
        }
    }

    public override void OnEntryEnd(in RdbEntryEnd end)
    {
        CompleteValue();
        bool expires = _entry.ExpireAtMilliseconds is not null;
        long bytes = end.EndOffsetBytes - _entry.OffsetBytes;
        long elements = _isUnsound ? end.ItemCount : _measure.Elements;
        long memory = (_isUnsound ? ServerMemory.Object + end.ValueLengthBytes : _measure.MemoryBytes)
            + ServerMemory.Key(_keyLength, _isKeyInEntry) + (expires ? ServerMemory.TableEntry : 0);
        GroupOf(_types, (int)_entry.Type).Add(bytes, memory, expires);
        GroupOf(_databases, _entry.Database).Add(bytes, memory, expires);
        GroupOf(_encodings, (int)(_isUnsound ? ValueMeasure.EncodingOf(_entry.Type) : _measure.Encoding)).Add(bytes, memory, expires);
        _sizes.Of(bytes).Add(bytes, memory, expires);
        _prefixGroup.Add(bytes, memory, expires);
        if (_entry.ExpireAtMilliseconds is { } expireAt)
        {
            // Without a creation time nothing counts as expired, and all is measured from 1970.
            _lifetimes.Of(expireAt - (double)(_createdAtMilliseconds ?? 0)).Add(bytes, memory, expires: true);
        }

        Keep(bytes, memory, elements);
    }

    private void LearnServer(bool isValkey, ReadOnlySpan<byte> version)
    {
        if (CacheVersion.TryParse(Encoding.ASCII.GetString(version[..Math.Min(version.Length, LongestVersion)]), out CacheVersion known))
        {
            _isKeyInEntry = isValkey && known.IsAtLeast(8, 0);
            _measure.HasBareMembers = isValkey || known.IsAtLeast(7, 2);
        }
    }

    private static KeyGroup GroupOf(SortedDictionary<int, KeyGroup> groups, int key)
    {
        if (!groups.TryGetValue(key, out KeyGroup? group))
        {
            groups.Add(key, group = new KeyGroup());
        }

        return group;
    }

    private void CompleteValue()
    {
        try
        {
            if (!_isUnsound)
            {
                _decoder.Complete();
            }
        }
        catch (RdbFormatException)
        {
            _isUnsound = true;
        }

        if (_isUnsound)
        {
            UnsoundValues++;
            FirstUnsoundOffsetBytes ??= _entry.OffsetBytes;
        }
    }

    private void Keep(long bytes, long memory, long elements)
    {
        bool isBig = _biggest.Takes(bytes, _entry.OffsetBytes);
        bool isLong = _mostElements.Takes(elements, _entry.OffsetBytes);
        if (!isBig && !isLong)
        {
            return;
        }

        BigKey key = new(
            _entry.Database,
            _key[.._keptLength],
            _entry.Type,
            _isUnsound ? ValueMeasure.EncodingOf(_entry.Type) : _measure.Encoding,
            bytes,
            memory,
            elements,
            _entry.ExpireAtMilliseconds);
        if (isBig)
        {
            _biggest.Add(key, bytes, _entry.OffsetBytes);
        }

        if (isLong)
        {
            _mostElements.Add(key, elements, _entry.OffsetBytes);
        }
    }
}
