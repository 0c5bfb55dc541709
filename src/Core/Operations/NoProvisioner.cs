using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Where no server process can be started: in AWS, whose new caches are ElastiCache's or a user's own.</summary>
public sealed class NoProvisioner : IProvisioner
{
    public static NoProvisioner Instance { get; } = new();

    /// <exception cref="TargetNotAvailableHereException">Always.</exception>
    public void RequireHere() => throw Refusal();

    /// <exception cref="TargetNotAvailableHereException">Always.</exception>
    public Task<CacheVersion> VersionOfAsync(CacheEngine engine, CancellationToken cancellationToken) =>
        Task.FromException<CacheVersion>(Refusal());

    /// <exception cref="TargetNotAvailableHereException">Always.</exception>
    public Task<CacheAddress> ProvisionAsync(ProvisionRequest request, CancellationToken cancellationToken) =>
        Task.FromException<CacheAddress>(Refusal());

    /// <summary>None was made here, and so none is there.</summary>
    public Task RemoveAsync(CacheName name, CancellationToken cancellationToken) => Task.CompletedTask;

    private static TargetNotAvailableHereException Refusal() => new(
        "A server process is a target of a service on one machine. Restore into an ElastiCache cache, or into an empty endpoint of your own.");
}
