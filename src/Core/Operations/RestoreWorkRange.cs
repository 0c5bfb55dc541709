using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>Sends one range of the backup to the target that this execution has claimed.</summary>
public sealed class RestoreWorkRange(ServiceParts parts)
{
    public async Task<RestoreReport> RunAsync(RestoreJob job, WorkRange range, CancellationToken cancellationToken)
    {
        RestoreRecords records = await RestoreRecords.ReadAsync(parts.Catalog, job, cancellationToken);
        if (records.Restoration.ClaimedBy != job.Execution)
        {
            throw new NoLongerOwnerException($"Cache {job.Cache} was not claimed by execution {job.Execution}: nothing is written into it.");
        }

        IObjectStore store = parts.StoreOf(records.Backup);
        ShardManifest shard = records.Backup.Shards.Single(s => s.Number == range.Shard);
        SegmentIndex index = await SegmentIndexes.ReadAsync(store, shard, cancellationToken);
        await using ProgressWriter progress = new(
            parts.Store, CatalogKeys.Progress(CatalogKeys.RestoreProgress(job.Cache, job.Generation), range.Number), parts.Time);
        await using IRestoreTarget target = await parts.Caches.ConnectTargetAsync(records.Address, cancellationToken);
        RestoreRun run = new(store, parts.Time);
        return await run.RunAsync(
            records.RangeOf(shard, index, range), target, progress, cancellationToken);
    }
}
