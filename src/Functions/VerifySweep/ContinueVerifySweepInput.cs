using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.VerifySweep;

/// <summary>The sweep to go on with.</summary>
public sealed record ContinueVerifySweepInput(ExecutionId Execution, string Week)
{
    public VerifySweepJob Job => new(Execution, Week);
}
