using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Fixtures.Operations;

/// <summary>Makes caches that are an address and nothing more.</summary>
public sealed class MemoryProvisioner : IProvisioner
{
    public CacheVersion Version { get; set; } = new(7, 2, 0);

    public List<ProvisionRequest> Made { get; } = [];

    public List<CacheName> Removed { get; } = [];

    public Task<CacheVersion> VersionOfAsync(CacheEngine engine, CancellationToken cancellationToken) => Task.FromResult(Version);

    public Task<CacheAddress> ProvisionAsync(ProvisionRequest request, CancellationToken cancellationToken)
    {
        if (!Made.Contains(request))
        {
            Made.Add(request);
        }

        return Task.FromResult(new CacheAddress { Endpoint = new CacheEndpoint($"{request.Name}.test", 6379) });
    }

    public Task RemoveAsync(CacheName name, CancellationToken cancellationToken)
    {
        Removed.Add(name);
        return Task.CompletedTask;
    }
}
