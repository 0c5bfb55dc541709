using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Makes and removes new caches.</summary>
public interface IProvisioner
{
    /// <summary>Refuses at once where no cache can ever be made.</summary>
    /// <exception cref="TargetNotAvailableHereException">That is here.</exception>
    void RequireHere()
    {
    }

    /// <summary>The version that a new cache of the engine would have.</summary>
    /// <exception cref="ProvisioningException">No cache of that engine can be made here; the message says what is missing.</exception>
    Task<CacheVersion> VersionOfAsync(CacheEngine engine, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the cache and returns its address once it answers; loaded, where the request names a file. Asking again for the same cache
    /// and generation returns the same cache.
    /// </summary>
    /// <exception cref="ProvisioningException">The cache could not be made.</exception>
    Task<CacheAddress> ProvisionAsync(ProvisionRequest request, CancellationToken cancellationToken);

    /// <summary>Removes a cache that was made here, with its data. One that is not there is as good as removed.</summary>
    Task RemoveAsync(CacheName name, CancellationToken cancellationToken);
}
