using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>The restore to give up, and why.</summary>
public sealed record AbandonRestoreInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation, StepFailure Failure)
{
    public RestoreJob Job => new(Execution, Backup, Cache, Generation);
}
