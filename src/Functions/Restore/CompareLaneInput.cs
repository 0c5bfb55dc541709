using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>One lane to compare.</summary>
/// <param name="Lane">Its number, from 0.</param>
public sealed record CompareLaneInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation, int Lane)
{
    public RestoreJob Job => new(Execution, Backup, Cache, Generation);
}
