using CacheBackup.Core.Buckets;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Streams one file of the exchange bucket through the reader into the store, every value decoded, as an import does: what ElastiCache
/// wrote is believed no more than any other file. An attempt writes under keys of its own.
/// </summary>
public sealed class AdoptNativeFile(ServiceParts parts)
{
    private const string Method = "ElastiCache snapshot";

    private static readonly SnapshotOptions Options = SnapshotOptions.Default with { DecodeValues = true };

    /// <exception cref="NoLongerOwnerException">The backup was abandoned.</exception>
    /// <exception cref="ObjectNotFoundException">The file is gone from the exchange bucket.</exception>
    /// <exception cref="Rdb.RdbFormatException">The file is not a good one; the message has the offset.</exception>
    public async Task<ShardManifest> RunAsync(BackupJob job, int shard, CancellationToken cancellationToken)
    {
        NativeRecords records = await NativeRecords.ReadAsync(parts, job, cancellationToken);
        BackupId id = records.Backup.Id;
        if (await ShardRecords.FindAsync(parts.Store, id, shard, cancellationToken) is { } adopted)
        {
            return adopted;
        }

        NativeFileList list = await NativeFiles.FindAsync(parts.Store, id, cancellationToken)
            ?? throw new CatalogConflictException($"The files of {records.Snapshot} were never listed.");
        SnapshotFile file = list.Files.Single(f => f.Number == shard);
        (IObjectStore exchange, _) = NativeRecords.RequireExchange(parts);
        string attempt = parts.Ids.Next();
        SnapshotKeys keys = new(CatalogKeys.ShardData(id, shard, attempt), CatalogKeys.ShardIndex(id, shard, attempt));
        ImportSource source = new(
            new StoreFiles(exchange, parts.Time), BucketFileName.Parse(file.Key), records.Cache.Engine, list.EngineVersion ?? records.Cache.EngineVersion)
        {
            Method = Method,
        };
        await using ProgressWriter progress = new(parts.Store, CatalogKeys.Progress(CatalogKeys.BackupProgress(id), shard), parts.Time);
        SnapshotResult result = await new SnapshotRun(parts.Store, parts.Time, Options).RunAsync(source, keys, progress, cancellationToken);

        // An abandoned backup's bytes are not to be counted: whoever owns the record now decides.
        Ownership.Check(await parts.Catalog.Backups.GetAsync(job.Backup, cancellationToken), job.Execution, job.Generation);
        return await ShardRecords.WriteAsync(parts.Store, id, SnapshotShard.ManifestOf(shard, keys, result), cancellationToken);
    }
}
