using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Makes ElastiCache caches, in AWS.</summary>
public interface IManagedCaches
{
    /// <summary>
    /// Makes the cache and returns its shards once they answer. Asking again for the same name and generation returns the same cache.
    /// </summary>
    /// <param name="generation">Of the operation that asks.</param>
    /// <param name="target">Serverless or self-designed.</param>
    /// <exception cref="TargetNotAvailableHereException">There is no AWS here.</exception>
    /// <exception cref="ProvisioningException">The cache could not be made.</exception>
    Task<IReadOnlyList<CacheShard>> CreateAsync(
        CacheName name, long generation, CacheEngine engine, RestoreTargetSpec target, IReadOnlyList<Tag> tags, CancellationToken cancellationToken);
}
