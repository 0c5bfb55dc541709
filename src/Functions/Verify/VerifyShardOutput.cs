namespace CacheBackup.Functions.Verify;

/// <summary>The shard that was read back; what that showed is in the store.</summary>
public sealed record VerifyShardOutput(int Shard);
