using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Backup;

/// <summary>The backup to publish.</summary>
public sealed record CompleteBackupInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation)
{
    public BackupJob Job => new(Execution, Backup, Cache, Generation);
}
