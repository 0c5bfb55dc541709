using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Backup;

/// <summary>The shards to take, how many at a time, and whether they are streamed or come from a snapshot of ElastiCache's own.</summary>
public sealed record BeginBackupOutput(IReadOnlyList<int> Shards, int Concurrency, BackupMethod Method);
