using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Copy;

/// <summary>One shard to copy.</summary>
public sealed record CopyShardInput(ExecutionId Execution, BackupName Backup, long Generation, int Shard)
{
    public NewBackupJob Job => new(Execution, Backup, Generation);
}
