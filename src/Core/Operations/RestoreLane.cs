using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>Sends the ranges of one lane to the target that this execution has claimed, as many as one call has time for.</summary>
public sealed class RestoreLane(ServiceParts parts)
{
    /// <param name="lane">The lane's number, from 0.</param>
    /// <param name="ending">Cancelled when this call's time is nearly up.</param>
    /// <returns>True: every range of the lane is on the target. False: call again.</returns>
    /// <exception cref="NoLongerOwnerException">The restore was given up, or never claimed the target.</exception>
    /// <exception cref="TargetTooSlowException">Not one range was finished in the whole of the time.</exception>
    public async Task<bool> RunAsync(RestoreJob job, int lane, CancellationToken ending, CancellationToken cancellationToken)
    {
        await using LaneSlice slice = new(parts, job, lane);
        await using ProgressWriter writer = new(
            parts.Store, CatalogKeys.Progress(CatalogKeys.RestoreProgress(job.Cache, job.Generation), lane), parts.Time);
        LaneProgress progress = new(writer);
        RestorePace? pace = null;
        (_, bool isDone) = await slice.RunAsync(
            record => record.Restored,
            (records, ranges, record) =>
            {
                RequireClaim(records, job);
                progress.Begin(ranges.Sum(range => range.Bytes), record);
            },
            async (range, token) =>
            {
                pace ??= range.Records.Restoration.Rate?.Share(slice.Lanes, parts.Time);
                RestoreReport report = await RestoreAsync(slice, range, job, pace, progress, token);
                progress.Finish(report);
                return record => Count(record, range.Record, report) with { Restored = range.Record.Restored + 1, RestoredSegments = null };
            },
            ending,
            cancellationToken);
        return isDone;
    }

    /// <summary>Restores what is left of a range, and notes at segments' ends how far it has come.</summary>
    private async Task<RestoreReport> RestoreAsync(
        LaneSlice slice, LaneRange range, RestoreJob job, RestorePace? pace, LaneProgress progress, CancellationToken cancellationToken)
    {
        RequireClaim(range.Records, job);
        int before = range.Record.RestoredSegments ?? 0;
        if (range.Record is { Restored: 0, RestoredSegments: null })
        {
            await LoadLibrariesAsync(range, cancellationToken);
        }

        RestoreRun run = new(parts.StoreOf(range.Records.Backup), parts.Time)
        {
            Pace = pace,
            Reached = async (segments, report, token) =>
            {
                // A range may take long: whose the target is, is asked again.
                RequireClaim(await RestoreRecords.ReadAsync(parts.Catalog, job, token), job);
                await slice.NoteAsync(range, before + segments, record => Count(record, range.Record, report), token);
            },
        };
        return await run.RunAsync(range.Range.From(before), range.Target, progress, cancellationToken);
    }

    /// <summary>Function libraries come before keys. Lanes know nothing of each other, so each loads them before its first range.</summary>
    private async Task LoadLibrariesAsync(LaneRange range, CancellationToken cancellationToken)
    {
        IObjectStore store = parts.StoreOf(range.Records.Backup);
        foreach (ShardManifest shard in range.Records.Backup.Shards.Where(shard => shard.FunctionLibraries > 0))
        {
            SegmentIndex index = await SegmentIndexes.ReadAsync(store, shard, cancellationToken);
            RestoreRange header = range.Records.RangeOf(shard, index, new WorkRange(shard.Number, 0, 0, 1)).Header();
            await new RestoreRun(store, parts.Time).RunAsync(header, range.Target, progress: null, cancellationToken);
        }
    }

    /// <summary>Sums are set, not added to: a range that two calls work on is counted once.</summary>
    private static RestoreLaneRecord Count(RestoreLaneRecord record, RestoreLaneRecord before, RestoreReport report) => record with
    {
        RestoredBytes = before.RestoredBytes + report.Bytes,
        RestoredKeys = before.RestoredKeys + report.Restored,
    };

    private static void RequireClaim(RestoreRecords records, RestoreJob job)
    {
        if (records.Restoration.ClaimedBy != job.Execution)
        {
            throw new NoLongerOwnerException($"Cache {job.Cache} was not claimed by execution {job.Execution}: nothing is written into it.");
        }
    }
}
