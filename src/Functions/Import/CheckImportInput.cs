using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Import;

/// <summary>The import that begins: the whole input of the import machine.</summary>
public sealed record CheckImportInput(ExecutionId Execution, BackupName Backup, long Generation)
{
    public NewBackupJob Job => new(Execution, Backup, Generation);
}
