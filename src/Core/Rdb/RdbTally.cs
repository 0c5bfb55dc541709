using System.Buffers.Text;
using System.Text;

namespace CacheBackup.Core.Rdb;

/// <summary>Counts what a <see cref="RdbReader"/> meets.</summary>
internal sealed class RdbTally
{
    private const int MaxAuxiliaryFields = 64;
    private const int MaxAuxiliaryBytes = 256;
    private const int MaxModules = 64;
    private const int FirstOpcode = (int)RdbOpcode.SlotImport;

    /// <summary>A file that selects more costs memory for nothing: about 150 bytes each.</summary>
    private const int MaxDatabases = 1 << 16;

    // A damaged file may state a later one.
    private static readonly long LastInstantSeconds = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private readonly long[] _types = new long[(int)RdbType.HashListpackExpiry + 1];
    private readonly long[] _opcodes = new long[byte.MaxValue + 1 - FirstOpcode];
    private readonly SortedDictionary<int, DatabaseTally> _databases = [];
    private readonly Dictionary<string, string> _auxiliary = new(StringComparer.Ordinal);
    private readonly List<RdbModule> _modules = [];

    private DatabaseTally? _current;
    private int _currentNumber = -1;
    private DateTimeOffset? _asOf;
    private long _asOfMilliseconds = long.MinValue;
    private DateTimeOffset? _createdAt;
    private long? _usedMemoryBytes;
    private long _functions;

    public RdbTally(DateTimeOffset? asOf) => SetAsOf(asOf);

    /// <summary>Goes on counting.</summary>
    public RdbTally(RdbSummary soFar)
    {
        SetAsOf(soFar.AsOf);
        (_createdAt, _usedMemoryBytes, _functions, Keys) = (soFar.CreatedAt, soFar.UsedMemoryBytes, soFar.Functions, soFar.Keys);
        _modules.AddRange(soFar.ModuleAuxiliary);
        foreach ((string name, string value) in soFar.Auxiliary)
        {
            _auxiliary[name] = value;
        }

        foreach ((RdbType type, long count) in soFar.Types)
        {
            _types[(int)type] = count;
        }

        foreach ((RdbOpcode opcode, long count) in soFar.Opcodes)
        {
            _opcodes[(int)opcode - FirstOpcode] = count;
        }

        foreach (RdbDatabaseSummary database in soFar.Databases)
        {
            _databases[database.Number] = new DatabaseTally
            {
                Keys = database.Keys,
                KeysWithExpiry = database.KeysWithExpiry,
                ExpiredKeys = database.ExpiredKeys,
            };
        }
    }

    public long Keys { get; private set; }

    public void Count(RdbOpcode opcode) => _opcodes[(int)opcode - FirstOpcode]++;

    public void Count(RdbModule module)
    {
        if (_modules.Count < MaxModules && !_modules.Contains(module))
        {
            _modules.Add(module);
        }
    }

    public void CountFunction() => _functions++;

    /// <summary>False if the file selects more databases than are counted.</summary>
    public bool TrySelect(int database)
    {
        if (database != _currentNumber)
        {
            _currentNumber = database;
            if (!_databases.TryGetValue(database, out _current))
            {
                _databases.Add(database, _current = new DatabaseTally());
            }
        }

        return _databases.Count <= MaxDatabases;
    }

    public void Count(in RdbEntryStart entry)
    {
        // Files that select no database hold keys of database 0.
        TrySelect(entry.Database);
        Keys++;
        _types[(int)entry.Type]++;
        _current!.Keys++;
        if (entry.ExpireAtMilliseconds is { } expireAt)
        {
            _current.KeysWithExpiry++;
            _current.ExpiredKeys += expireAt <= _asOfMilliseconds ? 1 : 0;
        }
    }

    /// <summary>Keeps the short fields and reads those that mean something here.</summary>
    public void Count(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual("ctime"u8) && TryParse(value, out long seconds) && seconds >= 0 && seconds <= LastInstantSeconds)
        {
            _createdAt = DateTimeOffset.FromUnixTimeSeconds(seconds);
            SetAsOf(_asOf ?? _createdAt);
        }
        else if (name.SequenceEqual("used-mem"u8) && TryParse(value, out long bytes))
        {
            _usedMemoryBytes = bytes;
        }

        if (_auxiliary.Count < MaxAuxiliaryFields && name.Length <= MaxAuxiliaryBytes && value.Length <= MaxAuxiliaryBytes)
        {
            _auxiliary[Encoding.UTF8.GetString(name)] = Encoding.UTF8.GetString(value);
        }
    }

    public RdbSummary ToSummary(RdbVersion version, long sizeBytes, ulong crc, RdbCrcState crcState) => new()
    {
        Version = version,
        Auxiliary = _auxiliary,
        CreatedAt = _createdAt,
        UsedMemoryBytes = _usedMemoryBytes,
        AsOf = _asOf,
        Keys = Keys,
        KeysWithExpiry = _databases.Values.Sum(d => d.KeysWithExpiry),
        ExpiredKeys = _databases.Values.Sum(d => d.ExpiredKeys),
        Types = Counted(_types).ToDictionary(i => (RdbType)i, i => _types[i]),
        Opcodes = Counted(_opcodes).ToDictionary(i => (RdbOpcode)(i + FirstOpcode), i => _opcodes[i]),
        Databases = [.. _databases.Select(d => new RdbDatabaseSummary(d.Key, d.Value.Keys, d.Value.KeysWithExpiry, d.Value.ExpiredKeys))],
        Functions = _functions,
        ModuleAuxiliary = _modules,
        SizeBytes = sizeBytes,
        Crc64 = crc,
        CrcState = crcState,
    };

    private static IEnumerable<int> Counted(long[] counts) => Enumerable.Range(0, counts.Length).Where(i => counts[i] > 0);

    private static bool TryParse(ReadOnlySpan<byte> digits, out long number) =>
        Utf8Parser.TryParse(digits, out number, out int used) && used == digits.Length;

    private void SetAsOf(DateTimeOffset? asOf)
    {
        _asOf = asOf;
        _asOfMilliseconds = asOf?.ToUnixTimeMilliseconds() ?? long.MinValue;
    }

    private sealed class DatabaseTally
    {
        public long Keys { get; set; }

        public long KeysWithExpiry { get; set; }

        public long ExpiredKeys { get; set; }
    }
}
