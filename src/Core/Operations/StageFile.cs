using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Lays one shard's file into the exchange bucket, where ElastiCache reads it. Keys of one restore are no other's; repeating it is harmless.
/// </summary>
public sealed class StageFile(ServiceParts parts)
{
    /// <param name="shard">The shard's number in the backup, from 1.</param>
    /// <exception cref="BackupDamagedException">The file is not the recorded one: ElastiCache is not given it.</exception>
    public async Task RunAsync(RestoreJob job, int shard, CancellationToken cancellationToken)
    {
        RestoreRecords records = await RestoreRecords.ReadAsync(parts.Catalog, job, cancellationToken);
        IObjectStore exchange = StagedFiles.Exchange(parts, job);
        ShardManifest manifest = records.Backup.Shards.Single(s => s.Number == shard);
        ObjectKey key = CatalogKeys.StagedFile(job.Cache, job.Generation, shard);
        ObjectSummary? found = await exchange.HeadAsync(key, cancellationToken);
        if (records.Restoration.Selection is null)
        {
            await StageWholeAsync(records, manifest, exchange, key, found, cancellationToken);
        }
        else if (found is null)
        {
            // An upload becomes visible whole: one that is there was finished.
            await StagePartAsync(records, manifest, exchange, key, cancellationToken);
        }
    }

    private async Task StageWholeAsync(
        RestoreRecords records, ShardManifest shard, IObjectStore exchange, ObjectKey key, ObjectSummary? found, CancellationToken cancellationToken)
    {
        Sha256Digest sha256 = await ShardFiles.DigestAsync(parts.StoreOf(records.Backup), shard, parts.Time, cancellationToken);
        if (found is not null && await IsStagedAsync(exchange, shard, sha256, found, cancellationToken))
        {
            return;
        }

        await exchange.DeleteAsync(key, cancellationToken);
        ObjectCopy copy = new(parts.StoreOf(records.Backup), exchange, parts.Time);
        try
        {
            await copy.RunAsync(shard.DataKey, shard.SizeBytes, sha256, key, null, cancellationToken);
        }
        catch (PreconditionFailedException)
        {
            // Another call of this step was first, or the acknowledgement of our own write was lost.
            ObjectSummary now = await exchange.HeadAsync(key, cancellationToken)
                ?? throw new StoreUnavailableException($"The staged file {key} came and went. Try again.");
            if (!await IsStagedAsync(exchange, shard, sha256, now, cancellationToken))
            {
                throw new StoreUnavailableException($"The staged file {key} is not the recorded one yet. Try again.");
            }
        }
    }

    private async Task<bool> IsStagedAsync(
        IObjectStore exchange, ShardManifest shard, Sha256Digest sha256, ObjectSummary found, CancellationToken cancellationToken) =>
        found.LengthBytes == shard.SizeBytes
        && await ObjectCopy.DigestAsync(exchange, found.Key, shard.SizeBytes, parts.Time, cancellationToken) == sha256;

    /// <summary>A part is a file of its own, made from segments that are checked against their digests.</summary>
    private async Task StagePartAsync(
        RestoreRecords records, ShardManifest shard, IObjectStore exchange, ObjectKey key, CancellationToken cancellationToken)
    {
        IObjectStore store = parts.StoreOf(records.Backup);
        SegmentIndex index = await SegmentIndexes.ReadAsync(store, shard, cancellationToken);
        RestoreRange range = RestoreRange.Whole(shard.DataKey, index) with
        {
            Selection = records.Restoration.Selection,
            SkipDamaged = records.Restoration.Target.AllowDamaged,
        };
        await using SegmentUploader uploader = await SegmentUploader.BeginAsync(
            exchange, key, new SegmentUploaderOptions { EstimateBytes = shard.SizeBytes }, parts.Time, Random.Shared, cancellationToken);
        await using UploadStream output = new(uploader);
        await new PartFile(store, parts.Time).WriteAsync(range, output, null, cancellationToken);
        try
        {
            await uploader.CompleteAsync(WriteCondition.Absent, cancellationToken);
        }
        catch (PreconditionFailedException)
        {
            // Another call of this step was first, with the same part.
        }
    }
}
