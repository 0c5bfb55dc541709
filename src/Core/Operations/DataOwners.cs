using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// The notes beside data that say whose it is. Written after the record and before the execution starts that writes the data: where the
/// record has gone on to other data, the purge knows by the note which execution must have ended before the old data may go.
/// </summary>
internal static class DataOwners
{
    private const int MaxNoteBytes = 64 * 1024;

    public static Task WriteAsync(IObjectStore store, BackupId id, BackupJob job, CancellationToken cancellationToken) => store.PutAsync(
        CatalogKeys.Owner(id), JsonSerializer.SerializeToUtf8Bytes(job, OperationsJson.Default.BackupJob), WriteCondition.None, cancellationToken);

    /// <summary>Null: there is no note, or none that this version reads.</summary>
    public static async Task<BackupJob?> FindAsync(IObjectStore store, BackupId id, CancellationToken cancellationToken)
    {
        try
        {
            await using ObjectContent content = await store.GetAsync(CatalogKeys.Owner(id), null, cancellationToken);
            return content.LengthBytes > MaxNoteBytes
                ? null
                : await JsonSerializer.DeserializeAsync(content.Stream, OperationsJson.Default.BackupJob, cancellationToken);
        }
        catch (Exception e) when (e is ObjectNotFoundException or JsonException)
        {
            return null;
        }
    }
}
