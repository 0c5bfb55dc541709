using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Verify;

/// <summary>One shard to read back.</summary>
public sealed record VerifyShardInput(ExecutionId Execution, BackupName Backup, long Generation, int Shard)
{
    public VerifyJob Job => new(Execution, Backup, Generation);
}
