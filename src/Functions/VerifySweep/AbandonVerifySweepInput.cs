using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.VerifySweep;

/// <summary>The part of a sweep that broke off, and why.</summary>
public sealed record AbandonVerifySweepInput(ExecutionId Execution, string Week, StepFailure Failure)
{
    public VerifySweepJob Job => new(Execution, Week);
}
