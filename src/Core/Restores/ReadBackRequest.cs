using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Restores;

/// <summary>A key to read back, with the serialized value that it should have where that is in memory (a short cut to "equal").</summary>
public readonly record struct ReadBackRequest(ReadOnlyMemory<byte> Key, RdbType ExpectedType, ReadOnlyMemory<byte> ExpectedValue);
