using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Operations;

/// <summary>Hands out a link to one data file of a backup.</summary>
public sealed class DownloadBackup(ServiceParts parts)
{
    /// <summary>How long a link is good.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromMinutes(15);

    /// <param name="shard">The shard's number; null: the only one.</param>
    /// <param name="selection">The part of the file that is wanted; null: the file as it is stored.</param>
    /// <exception cref="NotFoundException">There is no such backup, or it has no such shard.</exception>
    /// <exception cref="InvalidRequestException">The backup has several files, and none was named.</exception>
    /// <exception cref="CatalogConflictException">The backup is not available, or has no .rdb files.</exception>
    /// <exception cref="BackupDamagedException">The file is gone.</exception>
    public async Task<BackupDownload> RunAsync(
        BackupName name, int? shard, EntrySelection? selection, CancellationToken cancellationToken)
    {
        Backup backup = await parts.Catalog.Backups.GetAsync(name, cancellationToken);
        BackupUses.RequireAvailable(backup, "downloaded");
        if (backup.Origin is { Engine: CacheEngine.Memcached })
        {
            throw new CatalogConflictException($"Backup {name} is of a Memcached cache, which has no .rdb file. Restore it instead.");
        }

        ShardManifest file = Choose(backup, shard);
        if (await parts.StoreOf(backup).HeadAsync(file.DataKey, cancellationToken) is null)
        {
            throw new BackupDamagedException($"The data file {file.DataKey} is gone. Verify the backup.");
        }

        string fileName = string.Create(CultureInfo.InvariantCulture, $"{name}-{file.Number:D4}{(selection is null ? string.Empty : "-part")}.rdb");
        DateTimeOffset expiresAt = parts.Time.GetUtcNow() + Validity;
        return new BackupDownload
        {
            Url = await parts.Downloads.LinkAsync(new DownloadSubject(backup, file, fileName, selection), expiresAt, cancellationToken),
            ExpiresAt = expiresAt,
            FileName = fileName,
            Selection = selection,
            Shard = file,
        };
    }

    private static ShardManifest Choose(Backup backup, int? shard)
    {
        if (shard is null && backup.Shards.Count > 1)
        {
            throw new InvalidRequestException($"Backup {backup.Name} has {backup.Shards.Count} files. Name one: ?shard={backup.Shards[0].Number}.");
        }

        return backup.Shards.FirstOrDefault(s => shard is null || s.Number == shard)
            ?? throw new NotFoundException($"Backup {backup.Name} has no shard {shard}; it has {string.Join(", ", backup.Shards.Select(s => s.Number))}.");
    }
}
