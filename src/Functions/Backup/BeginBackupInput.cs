using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Backup;

/// <summary>What begins: the whole input of the backup machine.</summary>
public sealed record BeginBackupInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation)
{
    public BackupJob Job => new(Execution, Backup, Cache, Generation);
}
