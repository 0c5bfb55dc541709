using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>The restore whose files ElastiCache does not need any more.</summary>
public sealed record RemoveStagedFilesInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation)
{
    public RestoreJob Job => new(Execution, Backup, Cache, Generation);
}
