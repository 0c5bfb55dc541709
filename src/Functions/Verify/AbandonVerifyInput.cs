using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Verify;

/// <summary>The verification to give up, and why.</summary>
public sealed record AbandonVerifyInput(ExecutionId Execution, BackupName Backup, long Generation, StepFailure Failure)
{
    public VerifyJob Job => new(Execution, Backup, Generation);
}
