using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Copy;

/// <summary>The copy to give up, and why.</summary>
public sealed record AbandonCopyInput(ExecutionId Execution, BackupName Backup, long Generation, StepFailure Failure)
{
    public NewBackupJob Job => new(Execution, Backup, Generation);
}
