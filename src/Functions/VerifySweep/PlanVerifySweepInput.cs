using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.VerifySweep;

/// <summary>The sweep to plan: the whole input of its machine.</summary>
public sealed record PlanVerifySweepInput(ExecutionId Execution, string Week)
{
    public VerifySweepJob Job => new(Execution, Week);
}
