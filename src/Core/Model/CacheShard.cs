namespace CacheBackup.Core.Model;

/// <summary>One shard of a cache and where it is reached.</summary>
/// <param name="Number">1–500, stable for the cache's life.</param>
/// <param name="Last">Null: never backed up.</param>
public sealed record CacheShard(int Number, CacheAddress Address, ShardTransfer? Last = null);
