using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;

namespace CacheBackup.Aws;

/// <summary>S3's own links. A link ends with the credentials that signed it, if those end first.</summary>
/// <param name="storeOf">Where a backup's data lies.</param>
public sealed class PresignedDownloads(Func<Backup, IObjectStore> storeOf) : IDownloads
{
    /// <exception cref="CatalogConflictException">A part of a file is asked for: S3 hands out what it holds.</exception>
    public async Task<Uri> LinkAsync(DownloadSubject subject, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        if (subject.Selection is not null)
        {
            throw new CatalogConflictException(
                "In AWS a link leads to a stored file, and a part of one is not stored. Leave out match, type and db and fetch the whole file; "
                + "or restore that part into a cache.");
        }

        return RoutedObjectStore.Holding(storeOf(subject.Backup), subject.Shard.DataKey) is IPresigningStore store
            ? await store.PresignAsync(subject.Shard.DataKey, subject.FileName, expiresAt, cancellationToken)
            : throw new CatalogConflictException($"The store of backup {subject.Backup.Name} hands out no links. Export the backup instead.");
    }
}
