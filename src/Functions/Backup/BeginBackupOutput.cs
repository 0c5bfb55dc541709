namespace CacheBackup.Functions.Backup;

/// <summary>The shards to take, and how many at a time.</summary>
public sealed record BeginBackupOutput(IReadOnlyList<int> Shards, int Concurrency);
