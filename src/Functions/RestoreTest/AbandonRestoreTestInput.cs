using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.RestoreTest;

/// <summary>The restore test to give up, and why.</summary>
public sealed record AbandonRestoreTestInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation, StepFailure Failure)
{
    public RestoreJob Job => new(Execution, Backup, Cache, Generation);
}
