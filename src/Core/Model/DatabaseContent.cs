namespace CacheBackup.Core.Model;

/// <summary>What one database of a shard holds.</summary>
/// <param name="Keys">All keys, those that had expired at the snapshot's time included.</param>
/// <param name="KeysWithExpiry">Of those, the ones with an expiry.</param>
public sealed record DatabaseContent(int Database, long Keys, long KeysWithExpiry);
