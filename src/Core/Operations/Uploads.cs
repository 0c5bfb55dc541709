using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>The open uploads of one generation of a backup.</summary>
internal static class Uploads
{
    public static async Task AbortAsync(IObjectStore store, BackupId id, CancellationToken cancellationToken)
    {
        await foreach (OpenUpload upload in store.ListUploadsAsync(CatalogKeys.Data(id), cancellationToken))
        {
            await store.AbortUploadAsync(upload.Key, upload.Id, cancellationToken);
        }
    }
}
