using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Delete;

/// <summary>The backup whose objects go.</summary>
public sealed record RemoveBackupObjectsInput(ExecutionId Execution, BackupName Backup, long Generation)
{
    public DeleteJob Job => new(Execution, Backup, Generation);
}
