using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>On one machine there is no AWS in which a cache could be made: every call says so.</summary>
public sealed class NoManagedCaches : IManagedCaches
{
    /// <exception cref="TargetNotAvailableHereException">Always.</exception>
    public void RequireAvailable(CacheName name) => throw NotHere(name);

    public Task<bool> TryRequestAsync(ManagedCacheRequest request, CancellationToken cancellationToken) =>
        Task.FromException<bool>(NotHere(request.Name));

    public Task<bool?> IsOfAsync(CacheName name, RestoreTargetKind kind, ExecutionId execution, CancellationToken cancellationToken) =>
        Task.FromException<bool?>(NotHere(name));

    public Task<ManagedCacheDescription?> DescribeAsync(
        CacheName name, RestoreTargetKind kind, bool withNodes, CancellationToken cancellationToken) =>
        Task.FromException<ManagedCacheDescription?>(NotHere(name));

    public Task<string?> FindCauseAsync(CacheName name, RestoreTargetKind kind, CancellationToken cancellationToken) =>
        Task.FromException<string?>(NotHere(name));

    private static TargetNotAvailableHereException NotHere(CacheName name) => new(
        $"Cache {name} is to be made by ElastiCache, which a host on one machine does not have. Run the service in AWS; "
        + "or restore into a server process or an endpoint of your own.");
}
