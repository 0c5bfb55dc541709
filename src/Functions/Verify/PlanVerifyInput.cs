using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Verify;

/// <summary>What is to be verified: the whole input of the verify machine.</summary>
public sealed record PlanVerifyInput(ExecutionId Execution, BackupName Backup, long Generation)
{
    public VerifyJob Job => new(Execution, Backup, Generation);
}
