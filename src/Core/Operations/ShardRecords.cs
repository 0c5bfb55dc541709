using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// The records by which an attempt at a shard says "my bytes are whole". The first attempt to write one wins; a slower one's bytes are
/// left over and go with the backup.
/// </summary>
internal static class ShardRecords
{
    /// <exception cref="CatalogConflictException">The shard has no record: it was never taken whole.</exception>
    public static async Task<ShardManifest> ReadAsync(IObjectStore store, BackupId id, int shard, CancellationToken cancellationToken) =>
        await FindAsync(store, id, shard, cancellationToken)
        ?? throw new CatalogConflictException($"Shard {shard} was not taken: backup data {id} cannot be published without it.");

    public static async Task<ShardManifest?> FindAsync(IObjectStore store, BackupId id, int shard, CancellationToken cancellationToken)
    {
        try
        {
            await using ObjectContent content = await store.GetAsync(CatalogKeys.ShardRecord(id, shard), null, cancellationToken);
            return await JsonSerializer.DeserializeAsync(content.Stream, CatalogJson.Default.ShardManifest, cancellationToken);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    /// <returns>The record that counts: this one, or that of another attempt which was first.</returns>
    public static async Task<ShardManifest> WriteAsync(IObjectStore store, BackupId id, ShardManifest manifest, CancellationToken cancellationToken)
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(manifest, CatalogJson.Default.ShardManifest);
        try
        {
            await store.PutAsync(CatalogKeys.ShardRecord(id, manifest.Number), bytes, WriteCondition.Absent, cancellationToken);
            return manifest;
        }
        catch (PreconditionFailedException)
        {
            return await ReadAsync(store, id, manifest.Number, cancellationToken);
        }
    }
}
