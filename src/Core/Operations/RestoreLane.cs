using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

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
        (_, bool isDone) = await slice.RunAsync(
            record => record.Restored,
            (records, ranges, record) =>
            {
                RequireClaim(records, job);
                progress.Begin(ranges.Sum(range => range.Bytes), record);
            },
            async (records, range, target, token) =>
            {
                RequireClaim(records, job);
                RestoreRun run = new(parts.StoreOf(records.Backup), parts.Time);
                RestoreReport report = await run.RunAsync(range, target, progress, token);
                progress.Finish(report);
                return record => record with
                {
                    Restored = record.Restored + 1,
                    RestoredBytes = record.RestoredBytes + report.Bytes,
                    RestoredKeys = record.RestoredKeys + report.Restored,
                };
            },
            ending,
            cancellationToken);
        return isDone;
    }

    private static void RequireClaim(RestoreRecords records, RestoreJob job)
    {
        if (records.Restoration.ClaimedBy != job.Execution)
        {
            throw new NoLongerOwnerException($"Cache {job.Cache} was not claimed by execution {job.Execution}: nothing is written into it.");
        }
    }
}
