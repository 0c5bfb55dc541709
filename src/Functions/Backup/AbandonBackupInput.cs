using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Backup;

/// <summary>The backup to give up, and why.</summary>
public sealed record AbandonBackupInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation, StepFailure Failure)
{
    public BackupJob Job => new(Execution, Backup, Cache, Generation);
}
