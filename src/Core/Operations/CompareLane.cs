using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Operations;

/// <summary>Reads the ranges of one lane back from the target and compares every key, as many ranges as one call has time for.</summary>
public sealed class CompareLane(ServiceParts parts)
{
    /// <param name="lane">The lane's number, from 0.</param>
    /// <param name="ending">Cancelled when this call's time is nearly up.</param>
    /// <returns>True: every range of the lane is equal. False: call again.</returns>
    /// <exception cref="RestoreMismatchException">A key is missing, or differs in type, value or expiry.</exception>
    /// <exception cref="TargetTooSlowException">Not one range was finished in the whole of the time.</exception>
    public async Task<bool> RunAsync(RestoreJob job, int lane, CancellationToken ending, CancellationToken cancellationToken)
    {
        await using LaneSlice slice = new(parts, job, lane);
        bool isTold = false;
        int planned = 0;
        (RestoreLaneRecord record, bool isDone) = await slice.RunAsync(
            found => found.Compared,
            (records, ranges, _) => (isTold, planned) = (records.Cache.Operation!.Kind == OperationKind.Restore, ranges.Count),
            async (range, token) =>
            {
                CompareRun run = new(parts.StoreOf(range.Records.Backup), parts.Time);
                CompareReport report = await run.RunAsync(range.Range, range.Target, null, token);
                report.ThrowIfDifferent();
                return found => found with { Compared = found.Compared + 1, Report = (found.Report ?? CompareReport.Empty).Plus(report) };
            },
            ending,
            cancellationToken);
        if (isTold && record.Compared > 0)
        {
            await RestoreEvents.ProgressAsync(parts, job, lane, record, planned, cancellationToken);
        }

        return isDone;
    }
}
