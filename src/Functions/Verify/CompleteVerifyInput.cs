using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Verify;

/// <summary>The verification to complete.</summary>
public sealed record CompleteVerifyInput(ExecutionId Execution, BackupName Backup, long Generation)
{
    public VerifyJob Job => new(Execution, Backup, Generation);
}
