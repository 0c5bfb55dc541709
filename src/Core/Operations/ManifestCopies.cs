using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>The copies of the manifests beside the data, from which a lost catalog is rebuilt.</summary>
internal static class ManifestCopies
{
    public static Task WriteAsync(ServiceParts parts, Backup backup, CancellationToken cancellationToken) => parts.StoreOf(backup).PutAsync(
        CatalogKeys.ManifestCopy(backup.Id),
        JsonSerializer.SerializeToUtf8Bytes(backup, CatalogJson.Default.Backup),
        WriteCondition.None,
        cancellationToken);
}
