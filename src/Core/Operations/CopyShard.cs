using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Copies one shard's index and data file and writes the shard's record. As with a snapshot, an attempt writes under keys of its own and the
/// first one whose record is written counts.
/// </summary>
public sealed class CopyShard(ServiceParts parts)
{
    /// <exception cref="NoLongerOwnerException">The copy was abandoned or belongs to another execution.</exception>
    /// <exception cref="BackupDamagedException">The source's bytes are not those that its manifest records.</exception>
    public async Task<ShardManifest> RunAsync(NewBackupJob job, int shard, CancellationToken cancellationToken)
    {
        CopySource records = await CopySource.ReadAsync(parts.Catalog, job, cancellationToken);
        IObjectStore target = parts.StoreOf(records.Copy);
        BackupId id = records.Copy.Id;
        if (await ShardRecords.FindAsync(target, id, shard, cancellationToken) is { } copied)
        {
            return copied;
        }

        ShardManifest source = records.Source.Shards.Single(s => s.Number == shard);
        string attempt = parts.Ids.Next();
        ShardManifest copy = source with
        {
            DataKey = CatalogKeys.ShardData(id, shard, attempt),
            IndexKey = CatalogKeys.ShardIndex(id, shard, attempt),
        };
        IObjectStore from = parts.StoreOf(records.Source);
        await using (ProgressWriter progress = new(parts.Store, CatalogKeys.Progress(CatalogKeys.BackupProgress(id), shard), parts.Time))
        {
            ObjectCopy copier = new(from, target, parts.Time);
            // The index first: whoever sees the data finds its index beside it.
            long indexBytes = await IndexBytesAsync(from, source, cancellationToken);
            Sha256Digest sha256 = await ShardFiles.DigestAsync(from, source, parts.Time, cancellationToken);
            await copier.RunAsync(source.IndexKey, indexBytes, sha256: null, copy.IndexKey, progress: null, cancellationToken);
            await copier.RunAsync(source.DataKey, source.SizeBytes, sha256, copy.DataKey, progress, cancellationToken);
        }

        // An abandoned copy's bytes are not to be counted: whoever owns the record now decides.
        Ownership.Check(await parts.Catalog.Backups.GetAsync(job.Backup, cancellationToken), job.Execution, job.Generation);
        return await ShardRecords.WriteAsync(target, id, copy, cancellationToken);
    }

    private static async Task<long> IndexBytesAsync(IObjectStore store, ShardManifest shard, CancellationToken cancellationToken) =>
        (await store.HeadAsync(shard.IndexKey, cancellationToken))?.LengthBytes
        ?? throw new BackupDamagedException($"The segment index {shard.IndexKey} is gone. Verify the backup.");
}
