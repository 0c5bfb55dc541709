using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Register;

/// <summary>The cache to ask.</summary>
public sealed record ProbeCacheInput(ExecutionId Execution, CacheName Cache, long Generation)
{
    public CacheJob Job => new(Execution, Cache, Generation);
}
