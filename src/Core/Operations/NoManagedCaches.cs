using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>On one machine there is no AWS in which a cache could be made.</summary>
public sealed class NoManagedCaches : IManagedCaches
{
    /// <exception cref="TargetNotAvailableHereException">Always.</exception>
    public Task<IReadOnlyList<CacheShard>> CreateAsync(
        CacheName name, long generation, CacheEngine engine, RestoreTargetSpec target, IReadOnlyList<Tag> tags, CancellationToken cancellationToken) =>
        Task.FromException<IReadOnlyList<CacheShard>>(new TargetNotAvailableHereException(
            $"Cache {name} is to be made by ElastiCache, which a host on one machine does not have. Run the service in AWS; "
            + "or restore into a server process or an endpoint of your own."));
}
