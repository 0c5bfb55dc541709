using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Import;

/// <summary>The import to give up, and why.</summary>
public sealed record AbandonImportInput(ExecutionId Execution, BackupName Backup, long Generation, StepFailure Failure)
{
    public NewBackupJob Job => new(Execution, Backup, Generation);
}
