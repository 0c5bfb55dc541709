using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Backup;

/// <summary>What is looked at: the snapshot, or its export and what ElastiCache answered to the request for it.</summary>
public sealed record CheckNativeSnapshotInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation, bool? Export = null, StepFailure? Refusal = null)
{
    public BackupJob Job => new(Execution, Backup, Cache, Generation);
}
