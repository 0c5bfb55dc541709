using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Faults.Host;

/// <summary>Tells of servers that were made and removed.</summary>
internal sealed class ObservedProvisioner(IProvisioner inner, EffectLog effects) : IProvisioner
{
    public Task<CacheVersion> VersionOfAsync(CacheEngine engine, CancellationToken cancellationToken) =>
        inner.VersionOfAsync(engine, cancellationToken);

    public async Task<CacheAddress> ProvisionAsync(ProvisionRequest request, CancellationToken cancellationToken)
    {
        CacheAddress address = await inner.ProvisionAsync(request, cancellationToken);
        effects.Tell(Effect.ServerProvisioned);
        return address;
    }

    public async Task RemoveAsync(CacheName name, CancellationToken cancellationToken)
    {
        await inner.RemoveAsync(name, cancellationToken);
        effects.Tell("server removed");
    }
}
