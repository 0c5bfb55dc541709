using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Fixtures.Operations;

/// <summary>An ElastiCache that says what a test wants.</summary>
public sealed class MemoryManagedCaches : IManagedCaches
{
    public List<ManagedCacheRequest> Requests { get; } = [];

    /// <summary>Whose a cache of that name is; null: there is none.</summary>
    public ExecutionId? Owner { get; set; }

    /// <summary>False: it does not tell whose a cache is.</summary>
    public bool TellsOwner { get; set; } = true;

    /// <summary>Null: there is none.</summary>
    public ManagedCacheDescription? Described { get; set; }

    public string? Cause { get; set; }

    public void RequireAvailable(CacheName name)
    {
        // There is one.
    }

    public Task<bool> TryRequestAsync(ManagedCacheRequest request, CancellationToken cancellationToken)
    {
        bool isFree = Owner is null;
        if (isFree)
        {
            Owner = request.Execution;
            Requests.Add(request);
        }

        return Task.FromResult(isFree);
    }

    public Task<bool?> IsOfAsync(CacheName name, RestoreTargetKind kind, ExecutionId execution, CancellationToken cancellationToken) =>
        Task.FromResult<bool?>(TellsOwner ? Owner == execution : null);

    public Task<ManagedCacheDescription?> DescribeAsync(
        CacheName name, RestoreTargetKind kind, bool withNodes, CancellationToken cancellationToken) => Task.FromResult(Described);

    public Task<string?> FindCauseAsync(CacheName name, RestoreTargetKind kind, CancellationToken cancellationToken) => Task.FromResult(Cause);
}
