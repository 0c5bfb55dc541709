using System.IO.Hashing;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Rewrites;

namespace CacheBackup.Core.Inspections;

/// <summary>Reads both files, one after the other, and remembers what their keys are to be compared by.</summary>
internal sealed class DiffReading(DiffOptions options, KeyedRecords<DiffRecord> records) : RdbHandler
{
    private readonly KeyHash _hash = new();
    private readonly KeyPrefix _prefix = new(options.Prefixes.Separator, options.Prefixes.PrefixDepth);
    private readonly PrefixTable<Number> _prefixes = new(options.Prefixes.MostPrefixes);
    private readonly ValueDigester _digester = new();
    private readonly HashSet<UInt128>[] _functions = [[], []];
    private RdbMagic _magic;
    private RdbEntryStart _entry;
    private UInt128 _key;
    private int _prefixNumber;
    private bool _isSecond;
    private int _lastPrefix;

    /// <summary>Prefixes with a number of their own, from 1; 0 stands for all others.</summary>
    public IEnumerable<(byte[] Prefix, int Number)> Prefixes => _prefixes.Counters.Select(prefix => (prefix.Key, prefix.Value.Value));

    /// <summary>Function libraries that only one file has.</summary>
    public int DifferingFunctions => _functions[0].Except(_functions[1]).Count() + _functions[1].Except(_functions[0]).Count();

    public void BeginSecond() => _isSecond = true;

    public override void OnHeader(RdbVersion version) => _magic = version.Magic;

    public override void OnFunction(ReadOnlySpan<byte> librarySource, long offsetBytes) =>
        _functions[_isSecond ? 1 : 0].Add(XxHash128.HashToUInt128(librarySource));

    public override void OnEntryStart(in RdbEntryStart entry, ReadOnlySpan<byte> key)
    {
        _entry = entry;
        _key = _hash.Of(entry.Database, key);
        Number number = _prefixes.Of(_prefix.Of(key));
        if (number.Value == 0 && !ReferenceEquals(number, _prefixes.Others))
        {
            number.Value = ++_lastPrefix;
        }

        _prefixNumber = number.Value;
        _digester.Begin(_magic, entry.Type, entry.ValueOffsetBytes);
    }

    public override void OnValue(ReadOnlySpan<byte> fragment) => _digester.Append(fragment);

    public override void OnEntryEnd(in RdbEntryEnd end) =>
        records.Add(new DiffRecord(_key, _digester.Complete(), _entry, _prefixNumber, _isSecond));

    private sealed class Number
    {
        public int Value { get; set; }
    }
}
