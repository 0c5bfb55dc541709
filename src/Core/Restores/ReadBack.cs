using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Restores;

/// <summary>What the target holds under one key.</summary>
/// <param name="Exists">False: no such key; the other members say nothing.</param>
/// <param name="SamePayload">The serialized bytes are identical to the expected ones; <paramref name="Digest"/> is then not computed.</param>
/// <param name="Digest">The canonical digest of the value.</param>
/// <param name="ExpireAtMilliseconds">Unix milliseconds; null: the key does not expire.</param>
/// <param name="Flags">A Memcached item's flags; 0 elsewhere.</param>
public readonly record struct ReadBack(bool Exists, bool SamePayload, ValueDigest Digest, long? ExpireAtMilliseconds, uint Flags = 0);
