using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Register;

/// <summary>The cache to ask about.</summary>
public sealed record DescribeManagedSourceInput(ExecutionId Execution, CacheName Cache, long Generation)
{
    public CacheJob Job => new(Execution, Cache, Generation);
}
