using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>One lane to restore.</summary>
/// <param name="Lane">Its number, from 0.</param>
public sealed record RestoreLaneInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation, int Lane)
{
    public RestoreJob Job => new(Execution, Backup, Cache, Generation);
}
