namespace CacheBackup.Functions.Copy;

/// <summary>The shard that was copied; its record is in the store.</summary>
public sealed record CopyShardOutput(int Shard);
