namespace CacheBackup.Functions.Backup;

/// <summary>The shard that was taken; its record is in the store.</summary>
public sealed record SnapshotOutput(int Shard);
