using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Copy;

/// <summary>The copy to publish.</summary>
public sealed record CompleteCopyInput(ExecutionId Execution, BackupName Backup, long Generation)
{
    public NewBackupJob Job => new(Execution, Backup, Generation);
}
