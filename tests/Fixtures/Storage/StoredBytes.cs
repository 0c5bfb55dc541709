using CacheBackup.Core.Storage;

namespace CacheBackup.Fixtures.Storage;

/// <summary>What was read of an object.</summary>
public sealed record StoredBytes(byte[] Bytes, ObjectTag Tag, long ObjectLengthBytes);
