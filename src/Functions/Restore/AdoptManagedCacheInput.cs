using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>The restore whose cache is available.</summary>
public sealed record AdoptManagedCacheInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation)
{
    public RestoreJob Job => new(Execution, Backup, Cache, Generation);
}
