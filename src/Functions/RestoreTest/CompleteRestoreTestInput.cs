using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.RestoreTest;

/// <summary>The restore test to complete, and how many ranges it had.</summary>
public sealed record CompleteRestoreTestInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation, int Ranges)
{
    public RestoreJob Job => new(Execution, Backup, Cache, Generation);
}
