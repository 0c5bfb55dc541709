namespace CacheBackup.Core.Model;

/// <summary>What one database of a shard holds.</summary>
/// <param name="Keys">All keys, those that had expired at the snapshot's time included.</param>
/// <param name="KeysWithExpiry">Of those, the ones with an expiry.</param>
/// <param name="ExpiredKeys">Of those, the ones whose time had come at the snapshot.</param>
public sealed record DatabaseContent(int Database, long Keys, long KeysWithExpiry, long ExpiredKeys);
