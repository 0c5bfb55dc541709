using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Backup;

/// <summary>The published backup; with confirm ElastiCache was asked to delete the snapshot.</summary>
public sealed record RemoveNativeFilesInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation, bool? Confirm = null)
{
    public BackupJob Job => new(Execution, Backup, Cache, Generation);
}
