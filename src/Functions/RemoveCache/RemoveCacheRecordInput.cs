using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.RemoveCache;

/// <summary>The cache whose record goes.</summary>
public sealed record RemoveCacheRecordInput(ExecutionId Execution, CacheName Cache, long Generation)
{
    public CacheJob Job => new(Execution, Cache, Generation);
}
