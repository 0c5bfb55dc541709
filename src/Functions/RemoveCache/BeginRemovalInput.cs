using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.RemoveCache;

/// <summary>The cache that may go now, and its final backup.</summary>
public sealed record BeginRemovalInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation)
{
    public BackupJob Job => new(Execution, Backup, Cache, Generation);
}
