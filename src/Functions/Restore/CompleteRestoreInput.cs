using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>The restore to complete.</summary>
/// <param name="Uncompared">Why a cache that ElastiCache has loaded could not be compared; null: it was.</param>
public sealed record CompleteRestoreInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation, StepFailure? Uncompared = null)
{
    public RestoreJob Job => new(Execution, Backup, Cache, Generation);
}
