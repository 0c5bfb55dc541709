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

    public static async Task<ShardManifest?> FindAsync(IObjectStore store, BackupId id, int shard, CancellationToken cancellationToken) =>
        (await FindTaggedAsync(store, id, shard, cancellationToken))?.Manifest;

    /// <returns>The record that counts: this one, or that of another attempt which was first.</returns>
    /// <param name="replaced">The record of an attempt whose bytes no longer stand for the shard; null: there is none.</param>
    public static async Task<ShardManifest> WriteAsync(
        IObjectStore store, BackupId id, ShardManifest manifest, CancellationToken cancellationToken, ShardManifest? replaced = null)
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(manifest, CatalogJson.Default.ShardManifest);
        WriteCondition condition = WriteCondition.Absent;
        if (replaced is not null && await FindTaggedAsync(store, id, manifest.Number, cancellationToken) is { } found && found.Manifest.DataKey == replaced.DataKey)
        {
            condition = WriteCondition.Matches(found.Tag);
        }

        try
        {
            await store.PutAsync(CatalogKeys.ShardRecord(id, manifest.Number), bytes, condition, cancellationToken);
            return manifest;
        }
        catch (PreconditionFailedException)
        {
            return await ReadAsync(store, id, manifest.Number, cancellationToken);
        }
    }

    private static async Task<(ShardManifest Manifest, ObjectTag Tag)?> FindTaggedAsync(
        IObjectStore store, BackupId id, int shard, CancellationToken cancellationToken)
    {
        try
        {
            await using ObjectContent content = await store.GetAsync(CatalogKeys.ShardRecord(id, shard), null, cancellationToken);
            ShardManifest? manifest = await JsonSerializer.DeserializeAsync(content.Stream, CatalogJson.Default.ShardManifest, cancellationToken);
            return manifest is null ? null : (manifest, content.Tag);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }
}
