using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.RemoveCache;

/// <summary>The cache whose server goes; with what ElastiCache answered, where it refused to delete it.</summary>
public sealed record RemoveCacheServerInput(ExecutionId Execution, CacheName Cache, long Generation, StepFailure? Refusal = null)
{
    public CacheJob Job => new(Execution, Cache, Generation);
}
