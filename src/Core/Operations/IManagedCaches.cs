using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>
/// ElastiCache as the maker of new caches. It is asked for one cache at a time, and nobody waits in here for one to be ready: that may
/// take hours, and is the state machine's part.
/// </summary>
public interface IManagedCaches
{
    /// <summary>Called before anything is staged or asked for.</summary>
    /// <exception cref="TargetNotAvailableHereException">There is no AWS here.</exception>
    void RequireAvailable(CacheName name);

    /// <summary>Asks for the cache.</summary>
    /// <returns>False: there is one of that name already, whosever it is; nothing was changed.</returns>
    /// <exception cref="ProvisioningException">ElastiCache refused; the message says why.</exception>
    Task<bool> TryRequestAsync(ManagedCacheRequest request, CancellationToken cancellationToken);

    /// <summary>Whether the cache was asked for by this execution, by its tag. Null: ElastiCache does not tell before it is available.</summary>
    Task<bool?> IsOfAsync(CacheName name, RestoreTargetKind kind, ExecutionId execution, CancellationToken cancellationToken);

    /// <summary>What ElastiCache says of the cache now; null: there is none of that name.</summary>
    /// <param name="withNodes">Whether to look at each node of a cluster too, which takes a call each.</param>
    Task<ManagedCacheDescription?> DescribeAsync(CacheName name, RestoreTargetKind kind, bool withNodes, CancellationToken cancellationToken);

    /// <summary>What ElastiCache's events tell of why the cache failed; null where they tell nothing.</summary>
    Task<string?> FindCauseAsync(CacheName name, RestoreTargetKind kind, CancellationToken cancellationToken);
}
