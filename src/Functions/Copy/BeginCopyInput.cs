using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Copy;

/// <summary>The copy that begins: the whole input of the copy machine.</summary>
public sealed record BeginCopyInput(ExecutionId Execution, BackupName Backup, long Generation)
{
    public NewBackupJob Job => new(Execution, Backup, Generation);
}
