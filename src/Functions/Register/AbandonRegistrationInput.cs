using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Register;

/// <summary>The registration to give up, and why.</summary>
public sealed record AbandonRegistrationInput(ExecutionId Execution, CacheName Cache, long Generation, StepFailure Failure)
{
    public CacheJob Job => new(Execution, Cache, Generation);
}
