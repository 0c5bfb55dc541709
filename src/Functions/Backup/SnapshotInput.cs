using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Backup;

/// <summary>One shard to take.</summary>
public sealed record SnapshotInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation, int Shard)
{
    public BackupJob Job => new(Execution, Backup, Cache, Generation);
}
