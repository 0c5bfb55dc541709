using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Import;

/// <summary>The import whose file is to be streamed.</summary>
public sealed record ImportFileInput(ExecutionId Execution, BackupName Backup, long Generation)
{
    public NewBackupJob Job => new(Execution, Backup, Generation);
}
