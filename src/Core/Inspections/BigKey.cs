using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Inspections;

/// <summary>One of the biggest keys.</summary>
/// <param name="Key">Its name, or the first bytes of a long one.</param>
/// <param name="Bytes">In the file, with name and expiry.</param>
/// <param name="Elements">Of a list, set, sorted set, hash or stream; 1 for a string or a module's value.</param>
public sealed record BigKey(
    int Database, byte[] Key, RdbType Type, ServerEncoding Encoding, long Bytes, long MemoryBytes, long Elements, long? ExpireAtMilliseconds);
