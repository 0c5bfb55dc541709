using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Streams the file through the reader into the store, every value decoded: what is hostile or damaged is found before anything can be
/// restored from it, and leaves nothing but a failed record. An attempt writes under keys of its own.
/// </summary>
public sealed class ImportFile(ServiceParts parts)
{
    private static readonly SnapshotOptions Options = SnapshotOptions.Default with { DecodeValues = true };

    /// <exception cref="NoLongerOwnerException">The import was abandoned.</exception>
    /// <exception cref="Rdb.RdbFormatException">The file is not a good one; the message has the offset.</exception>
    public async Task<ShardManifest> RunAsync(NewBackupJob job, CancellationToken cancellationToken)
    {
        ImportRecord record = await ImportRecord.ReadAsync(parts.Catalog, job, cancellationToken);
        BackupId id = record.Backup.Id;
        if (await ShardRecords.FindAsync(parts.Store, id, ImportRecord.Shard, cancellationToken) is { } imported)
        {
            return imported;
        }

        string attempt = parts.Ids.Next();
        SnapshotKeys keys = new(CatalogKeys.ShardData(id, ImportRecord.Shard, attempt), CatalogKeys.ShardIndex(id, ImportRecord.Shard, attempt));
        ImportOrigin origin = record.Origin;
        ImportSource source = new(parts.Buckets.OpenFiles(origin.Bucket), record.File, origin.Engine, origin.EngineVersion);
        await using ProgressWriter progress = new(
            parts.Store, CatalogKeys.Progress(CatalogKeys.BackupProgress(id), ImportRecord.Shard), parts.Time);
        SnapshotResult result = await new SnapshotRun(parts.Store, parts.Time, Options).RunAsync(source, keys, progress, cancellationToken);
        // An abandoned import's bytes are not to be counted: whoever owns the record now decides.
        Ownership.Check(await parts.Catalog.Backups.GetAsync(job.Backup, cancellationToken), job.Execution, job.Generation);
        return await ShardRecords.WriteAsync(
            parts.Store, id, SnapshotShard.ManifestOf(ImportRecord.Shard, keys, result), cancellationToken);
    }
}
