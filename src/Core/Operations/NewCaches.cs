using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Names of new caches.</summary>
internal static class NewCaches
{
    /// <summary>Creates the record; takes the name of a registration that failed over, which left nothing behind but its record.</summary>
    /// <exception cref="CatalogConflictException">There is a cache of that name.</exception>
    public static async Task ReserveAsync(BackupCatalog catalog, Cache fresh, CancellationToken cancellationToken)
    {
        if (await catalog.Caches.TryCreateAsync(fresh.Name, fresh, cancellationToken))
        {
            return;
        }

        await catalog.Caches.ChangeAsync(
            fresh.Name,
            current => current is { Status: CacheStatus.CreateFailed, Operation: null, Restoration: null }
                ? fresh with { Unknown = current.Unknown }
                : throw new CatalogConflictException(
                    $"There is a cache named {current.Name} already ({Text.Of(current.Status)}). Choose another name, or remove it first."),
            cancellationToken);
    }
}
