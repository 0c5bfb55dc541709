using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Restores;

/// <summary>Whether an entry is wanted, by what stands before its value.</summary>
internal delegate bool EntryTest(int database, RdbType type, ReadOnlySpan<byte> key);
