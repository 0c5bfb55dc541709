using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>The restore whose cache is to be looked at.</summary>
public sealed record CheckManagedCacheInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation)
{
    public RestoreJob Job => new(Execution, Backup, Cache, Generation);
}
