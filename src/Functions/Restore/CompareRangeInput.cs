using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>One range to compare.</summary>
public sealed record CompareRangeInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation, WorkRange Range)
{
    public RestoreJob Job => new(Execution, Backup, Cache, Generation);
}
