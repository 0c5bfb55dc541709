using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>The restore that wants an ElastiCache cache; which one stands in the cache's record.</summary>
public sealed record RequestManagedCacheInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation)
{
    public RestoreJob Job => new(Execution, Backup, Cache, Generation);
}
