using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Delete;

/// <summary>The removal to give up, and why.</summary>
public sealed record AbandonDeleteInput(ExecutionId Execution, BackupName Backup, long Generation, StepFailure Failure)
{
    public DeleteJob Job => new(Execution, Backup, Generation);
}
