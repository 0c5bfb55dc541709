using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.RemoveCache;

/// <summary>The shard to read back.</summary>
public sealed record VerifyFinalShardInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation, int Shard)
{
    public BackupJob Job => new(Execution, Backup, Cache, Generation);
}
