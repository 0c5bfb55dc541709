using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Backup;

/// <summary>The backup that a snapshot of ElastiCache is to become.</summary>
public sealed record RequestNativeSnapshotInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation)
{
    public BackupJob Job => new(Execution, Backup, Cache, Generation);
}
