using System.Runtime.InteropServices;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Rewrites;

namespace CacheBackup.Core.Inspections;

/// <summary>What is remembered of a key to compare it: 56 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal readonly struct DiffRecord : IKeyedRecord
{
    // Prefixes number at most a million: 20 bits, then 8 for the kind of value, and one for the side.
    private const int PrefixShift = 9;
    private const int FamilyShift = 1;

    private readonly ulong _keyHigh;
    private readonly ulong _keyLow;
    private readonly int _about;

    public DiffRecord(UInt128 key, ValueDigest value, in RdbEntryStart entry, int prefix, bool isSecond)
    {
        _keyHigh = (ulong)(key >> 64);
        _keyLow = (ulong)key;
        Value = value;
        ExpireAtMilliseconds = entry.ExpireAtMilliseconds ?? long.MinValue;
        OffsetBytes = entry.OffsetBytes;
        Database = entry.Database;
        _about = (prefix << PrefixShift) | ((int)entry.Type.Family() << FamilyShift) | (isSecond ? 1 : 0);
    }

    public UInt128 Key => new(_keyHigh, _keyLow);

    public ValueDigest Value { get; }

    /// <summary>The smallest number where there is none.</summary>
    public long ExpireAtMilliseconds { get; }

    public long OffsetBytes { get; }

    public int Database { get; }

    public int Prefix => _about >> PrefixShift;

    public bool IsSecond => (_about & 1) != 0;

    public ValueFamily ValueFamily => (ValueFamily)(byte)(_about >> FamilyShift);
}
