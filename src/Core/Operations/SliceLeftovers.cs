using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>What the slices of a backup's shards left for each other: of no use to anybody once the backup has come to its end, whatever end.</summary>
internal static class SliceLeftovers
{
    public static async Task RemoveAsync(IObjectStore store, BackupId id, CancellationToken cancellationToken)
    {
        await foreach (ObjectSummary left in store.ListAsync(CatalogKeys.Slices(id), null, cancellationToken))
        {
            await store.DeleteAsync(left.Key, cancellationToken);
        }
    }
}
