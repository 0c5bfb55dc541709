using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>The target to claim.</summary>
public sealed record ClaimTargetInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation)
{
    public RestoreJob Job => new(Execution, Backup, Cache, Generation);
}
