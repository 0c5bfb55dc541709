using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.RemoveCache;

/// <summary>The removal to give up, and why.</summary>
public sealed record AbandonRemovalInput(ExecutionId Execution, CacheName Cache, long Generation, StepFailure Failure)
{
    public CacheJob Job => new(Execution, Cache, Generation);
}
