namespace CacheBackup.Functions.Backup;

/// <summary>The shard that was adopted; its record is in the store.</summary>
public sealed record AdoptNativeFileOutput(int Shard);
