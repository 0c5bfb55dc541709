using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Backup;

/// <summary>One file to adopt.</summary>
public sealed record AdoptNativeFileInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation, int Shard)
{
    public BackupJob Job => new(Execution, Backup, Cache, Generation);
}
