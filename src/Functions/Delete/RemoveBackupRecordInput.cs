using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Delete;

/// <summary>The backup whose record goes.</summary>
public sealed record RemoveBackupRecordInput(ExecutionId Execution, BackupName Backup, long Generation)
{
    public DeleteJob Job => new(Execution, Backup, Generation);
}
