using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Restores;

/// <summary>A key to read back.</summary>
/// <param name="Key">Its name.</param>
/// <param name="ExpectedType">What it should be: a value of another type is told as another value, without its digest. Null: any type is digested.</param>
/// <param name="ExpectedValue">The serialized value that it should have, where that is in memory: a short cut to "equal".</param>
/// <param name="ExpectedExpireAtMilliseconds">
/// The expiry that it should have: where a server tells only how many seconds are left, it settles which of two it means. Null: it should
/// not expire, or any.
/// </param>
public readonly record struct ReadBackRequest(
    ReadOnlyMemory<byte> Key,
    RdbType? ExpectedType,
    ReadOnlyMemory<byte> ExpectedValue,
    long? ExpectedExpireAtMilliseconds = null);
