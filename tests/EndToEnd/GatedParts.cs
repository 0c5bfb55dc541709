using CacheBackup.Core.Catalog;
using CacheBackup.Core.Operations;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.EndToEnd;

/// <summary>Holds every backup at its first part until the gate is opened: a backup that runs for as long as a test needs.</summary>
internal sealed class GatedParts : IDisposable
{
    private GatedObjectStore? _store;

    private GatedObjectStore Store => _store ?? throw new InvalidOperationException("No service was started with this gate.");

    public ServiceParts Around(ServiceParts parts)
    {
        _store = new GatedObjectStore(parts.Store);
        return parts with { Store = _store, Catalog = new BackupCatalog(_store, parts.Ids) };
    }

    /// <summary>Returns once a backup stands at the gate.</summary>
    public async Task WaitForPartAsync()
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        while (Store.InFlight == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
        }
    }

    public void Open() => Store.OpenFor(10_000);

    public void Dispose() => _store?.Dispose();
}
