using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Writes the catalog anew from the manifests beside the data: records that are lost, and index keys that are missing. What stands in
/// the catalog is left as it is. Caches have no copy: they are registered again.
/// </summary>
/// <param name="places">The service's own store, and those that copies were made into.</param>
public sealed class RebuildCatalog(IReadOnlyList<BackupPlace> places, BackupCatalog catalog)
{
    private const int MaxManifestBytes = 5 * 1024 * 1024;

    /// <summary>Idempotent: a rebuild that broke off is run again.</summary>
    public async Task<RebuildReport> RunAsync(CancellationToken cancellationToken)
    {
        List<RebuildFinding> left = [];
        Dictionary<BackupName, (Backup Backup, BackupPlace Place)> newest = [];
        foreach (BackupPlace place in places)
        {
            await GatherAsync(place, newest, left, cancellationToken);
        }

        int restored = 0;
        int present = 0;
        foreach ((Backup backup, BackupPlace place) in newest.Values.OrderBy(found => found.Backup.CreatedAt))
        {
            Backup? existing = await FindAsync(backup.Name, left, cancellationToken);
            if (existing is not null)
            {
                await catalog.Backups.IndexAsync(existing, cancellationToken);
                present++;
            }
            else if (await MissingAsync(place.Store, backup, cancellationToken) is { } missing)
            {
                left.Add(new RebuildFinding(backup.Name.Value, missing));
            }
            // Where it lies is where it was found: a copy lies elsewhere only for the catalog that made it.
            else if (await catalog.Backups.TryCreateAsync(backup.Name, backup with { Uses = [], Location = place.Address }, cancellationToken))
            {
                restored++;
            }
        }

        return new RebuildReport(restored, present, left);
    }

    private static async Task GatherAsync(
        BackupPlace place, Dictionary<BackupName, (Backup Backup, BackupPlace Place)> newest, List<RebuildFinding> left, CancellationToken cancellationToken)
    {
        await foreach (ObjectSummary summary in place.Store.ListAsync(CatalogKeys.DataRoot, null, cancellationToken))
        {
            if (!CatalogKeys.IsManifestCopy(summary.Key) || await ReadAsync(place.Store, summary, left, cancellationToken) is not { } backup)
            {
                continue;
            }

            if (newest.TryGetValue(backup.Name, out (Backup Backup, BackupPlace Place) other))
            {
                Backup older = other.Backup.Generation < backup.Generation ? other.Backup : backup;
                left.Add(new RebuildFinding(backup.Name.Value, $"{CatalogKeys.ManifestCopy(older.Id)} is of an older backup of that name."));
            }

            if (other.Backup is null || other.Backup.Generation < backup.Generation)
            {
                newest[backup.Name] = (backup, place);
            }
        }
    }

    private async Task<Backup?> FindAsync(BackupName name, List<RebuildFinding> left, CancellationToken cancellationToken)
    {
        try
        {
            return (await catalog.Backups.FindAsync(name, cancellationToken))?.Document;
        }
        catch (CatalogUnreadableException e)
        {
            left.Add(new RebuildFinding(name.Value, $"{e.Message} Move that object away and rebuild again: the copy beside the data is whole."));
            return null;
        }
    }

    private static async Task<Backup?> ReadAsync(IObjectStore store, ObjectSummary summary, List<RebuildFinding> left, CancellationToken cancellationToken)
    {
        try
        {
            if (summary.LengthBytes > MaxManifestBytes)
            {
                throw new JsonException($"It has {summary.LengthBytes} bytes.");
            }

            await using ObjectContent content = await store.GetAsync(summary.Key, null, cancellationToken);
            Backup? backup = await JsonSerializer.DeserializeAsync(content.Stream, CatalogJson.Default.Backup, cancellationToken);
            return backup is { SchemaVersion: 1, Shards: not null } && CatalogKeys.ManifestCopy(backup.Id) == summary.Key
                ? backup
                : throw new JsonException("It is not the manifest of the data beside it, or of a newer version.");
        }
        catch (Exception e) when (e is JsonException or InvalidRequestException or ArgumentException or ObjectNotFoundException)
        {
            left.Add(new RebuildFinding(summary.Key.Value, $"It is not a manifest that this version reads. {e.Message}"));
            return null;
        }
    }

    /// <summary>What keeps the backup from being whole; null: every data file and index is there in its length.</summary>
    private static async Task<string?> MissingAsync(IObjectStore store, Backup backup, CancellationToken cancellationToken)
    {
        foreach (ShardManifest shard in backup.Shards)
        {
            ObjectSummary? data = await store.HeadAsync(shard.DataKey, cancellationToken);
            if (data is null || data.LengthBytes != shard.SizeBytes)
            {
                return $"Shard {shard.Number}: {shard.DataKey} has {data?.LengthBytes.ToString() ?? "no"} bytes, the manifest says {shard.SizeBytes}.";
            }

            if (await store.HeadAsync(shard.IndexKey, cancellationToken) is null)
            {
                return $"Shard {shard.Number}: its index {shard.IndexKey} is not there.";
            }
        }

        return null;
    }
}
