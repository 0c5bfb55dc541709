using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Import;

/// <summary>The import to publish.</summary>
public sealed record CompleteImportInput(ExecutionId Execution, BackupName Backup, long Generation)
{
    public NewBackupJob Job => new(Execution, Backup, Generation);
}
