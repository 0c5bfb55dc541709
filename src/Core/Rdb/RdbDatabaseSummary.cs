namespace CacheBackup.Core.Rdb;

/// <summary>What one database of a file holds.</summary>
public sealed record RdbDatabaseSummary(int Number, long Keys, long KeysWithExpiry, long ExpiredKeys);
