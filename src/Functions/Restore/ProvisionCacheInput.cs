using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>The new cache to make.</summary>
public sealed record ProvisionCacheInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation, RestoreFill Fill)
{
    public RestoreJob Job => new(Execution, Backup, Cache, Generation);
}
