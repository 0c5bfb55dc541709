using System.Text;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Fixtures.Snapshots;

/// <summary>All that an RDB file says of its keys, free of how values are encoded.</summary>
public sealed class RdbContent : RdbHandler
{
    private readonly ValueDigester _digester = new();
    private RdbMagic _magic;
    private RdbEntryStart _entry;
    private string _key = string.Empty;

    private RdbContent()
    {
    }

    /// <summary>By database and key (hexadecimal): digest of the value, expiry, idle time, frequency.</summary>
    public SortedDictionary<(int Database, string Key), (ValueDigest Value, long? Expiry, long? Idle, byte? Frequency)> Entries { get; } = [];

    public SortedSet<string> Functions { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Fields { get; } = [];

    public List<(int Database, long Keys, long Expiring)> Sizes { get; } = [];

    public List<(long Slot, long Keys, long Expiring)> Slots { get; } = [];

    public RdbSummary Summary { get; private set; } = null!;

    private int Database { get; set; }

    /// <summary>Reads a file to its end; a key that comes twice is an error.</summary>
    public static RdbContent Of(ReadOnlySpan<byte> file)
    {
        var content = new RdbContent();
        var reader = new RdbReader(content);
        reader.Read(file);
        content.Summary = reader.Complete();
        return content;
    }

    /// <summary>What a server keeps of the file when it loads it: neither expired keys nor access times.</summary>
    public Dictionary<(int, string), (ValueDigest, long?)> Alive(DateTimeOffset at) => Entries
        .Where(entry => !(entry.Value.Expiry <= at.ToUnixTimeMilliseconds()))
        .ToDictionary(entry => entry.Key, entry => (entry.Value.Value, entry.Value.Expiry));

    public override void OnHeader(RdbVersion version) => _magic = version.Magic;

    public override void OnAuxiliary(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        Fields[Encoding.Latin1.GetString(name)] = Encoding.Latin1.GetString(value);

    public override void OnFunction(ReadOnlySpan<byte> librarySource, long offsetBytes) => Functions.Add(Encoding.UTF8.GetString(librarySource));

    public override void OnSelectDatabase(int database) => Database = database;

    public override void OnResize(long keys, long expiringKeys) => Sizes.Add((Database, keys, expiringKeys));

    public override void OnSlotInfo(long slot, long keys, long expiringKeys) => Slots.Add((slot, keys, expiringKeys));

    public override void OnEntryStart(in RdbEntryStart entry, ReadOnlySpan<byte> key)
    {
        _entry = entry;
        _key = Convert.ToHexString(key);
        _digester.Begin(_magic, entry.Type);
    }

    public override void OnValue(ReadOnlySpan<byte> fragment) => _digester.Append(fragment);

    public override void OnEntryEnd(in RdbEntryEnd end) =>
        Entries.Add((_entry.Database, _key), (_digester.Complete(), _entry.ExpireAtMilliseconds, _entry.IdleSeconds, _entry.Frequency));
}
