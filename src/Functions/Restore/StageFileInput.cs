using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>One file for ElastiCache to read.</summary>
/// <param name="Shard">The shard's number, from 1.</param>
public sealed record StageFileInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation, int Shard)
{
    public RestoreJob Job => new(Execution, Backup, Cache, Generation);
}
