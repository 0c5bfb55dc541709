using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>The copies of the manifests beside the data, from which a lost catalog is rebuilt.</summary>
internal static class ManifestCopies
{
    private const int MaxManifestBytes = 5 * 1024 * 1024;

    // Each lost round means that another writer won one.
    private const int MaxRounds = 16;

    /// <summary>Writes the copy, unless a newer revision stands there already.</summary>
    /// <exception cref="StoreUnavailableException">Other writers won every round.</exception>
    public static async Task WriteAsync(ServiceParts parts, Backup backup, CancellationToken cancellationToken)
    {
        IObjectStore store = parts.StoreOf(backup);
        ObjectKey key = CatalogKeys.ManifestCopy(backup.Id);
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(backup, CatalogJson.Default.Backup);
        for (int round = 0; round < MaxRounds; round++)
        {
            (Backup? Copy, ObjectTag Tag)? there = await FindAsync(store, key, cancellationToken);
            if (there is { Copy: { } copy } && copy.Revision > backup.Revision)
            {
                return;
            }

            try
            {
                await store.PutAsync(key, bytes, there is { } found ? WriteCondition.Matches(found.Tag) : WriteCondition.Absent, cancellationToken);
                return;
            }
            catch (PreconditionFailedException)
            {
                // Another writer came first, or a write of ours whose answer was lost: look again.
            }
        }

        throw new StoreUnavailableException($"Other writers won {MaxRounds} rounds in a row at {key}. Try again.");
    }

    /// <summary>Removes the copy of a backup that was abandoned, or is being removed: a rebuilt catalog must not list it.</summary>
    public static async Task RemoveUnlessListedAsync(ServiceParts parts, Backup backup, CancellationToken cancellationToken)
    {
        Backup? now = (await parts.Catalog.Backups.FindAsync(backup.Name, cancellationToken))?.Document;
        if (now?.Id != backup.Id || now.Status is not (BackupStatus.Available or BackupStatus.Damaged))
        {
            await parts.StoreOf(backup).DeleteAsync(CatalogKeys.ManifestCopy(backup.Id), cancellationToken);
        }
    }

    private static async Task<(Backup? Copy, ObjectTag Tag)?> FindAsync(IObjectStore store, ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            await using ObjectContent content = await store.GetAsync(key, null, cancellationToken);
            return content.LengthBytes > MaxManifestBytes
                ? (null, content.Tag)
                : (await JsonSerializer.DeserializeAsync(content.Stream, CatalogJson.Default.Backup, cancellationToken), content.Tag);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }
}
