using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;

namespace CacheBackup.Core.Operations;

/// <summary>
/// One call's part of a lane: range after range, until the lane is done or the time is up. Each range begins with a look at who owns the
/// restore, and ends with the lane's record: a call that follows, or runs beside this one, goes on from there. Work that notes how far it has
/// come within a range is gone on with at the segment that it noted.
/// Memory: one index (at most 256 MiB, 200 bytes a segment) beside what a range takes.
/// </summary>
internal sealed class LaneSlice(ServiceParts parts, RestoreJob job, int lane) : IAsyncDisposable
{
    private readonly RestoreLanes _lanes = new(parts.Store, job);
    private SegmentIndex? _index;
    private int _indexedShard;
    private IRestoreTarget? _target;
    private int _noted;

    /// <summary>Does one range and says how the lane's record changes by it.</summary>
    public delegate Task<Func<RestoreLaneRecord, RestoreLaneRecord>> RangeWork(LaneRange range, CancellationToken cancellationToken);

    /// <summary>How many lanes the restore has; known when the first range begins.</summary>
    public int Lanes { get; private set; }

    /// <param name="doneOf">How many ranges of the lane are done, by its record.</param>
    /// <param name="beginAsync">Looks at the records before the first range, and at the lane's part of the plan.</param>
    /// <param name="workAsync">Does one range. Repeating it must be harmless.</param>
    /// <param name="ending">Cancelled when this call's time is nearly up: the range that is at work is left, and another call does it.</param>
    /// <returns>The lane's record, and whether all of its ranges are done.</returns>
    /// <exception cref="TargetTooSlowException">Not one range was finished in the whole of the time, and nothing was noted within it.</exception>
    public async Task<(RestoreLaneRecord Record, bool IsDone)> RunAsync(
        Func<RestoreLaneRecord, int> doneOf,
        Action<RestoreRecords, IReadOnlyList<WorkRange>, RestoreLaneRecord> beginAsync,
        RangeWork workAsync,
        CancellationToken ending,
        CancellationToken cancellationToken)
    {
        using var slice = CancellationTokenSource.CreateLinkedTokenSource(ending, cancellationToken);
        RestoreRecords records = await RestoreRecords.ReadAsync(parts.Catalog, job, cancellationToken);
        IReadOnlyList<WorkRange> ranges = await RangesAsync(cancellationToken);
        RestoreLaneRecord record = await _lanes.ReadAsync(lane, cancellationToken);
        RequireComparable(records);
        beginAsync(records, ranges, record);
        for (int finished = 0; doneOf(record) < ranges.Count; finished++)
        {
            if (ending.IsCancellationRequested)
            {
                return (record, false);
            }

            int number = doneOf(record);
            Func<RestoreLaneRecord, RestoreLaneRecord> advance;
            try
            {
                // Invariant: nothing is written into a target whose restore was given up, however long ago this call began.
                records = await RestoreRecords.ReadAsync(parts.Catalog, job, slice.Token);
                advance = await RangeAsync(records, ranges[number], record, workAsync, slice.Token);
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                return finished + _noted > 0 ? (record, false) : throw TooSlow(ranges[number]);
            }

            record = await _lanes.AdvanceAsync(lane, found => doneOf(found) > number, advance, cancellationToken);
        }

        return (record, true);
    }

    /// <summary>Notes in the lane's record, durably, how far a range has come.</summary>
    /// <param name="range">The range at work, of those that are being restored.</param>
    /// <param name="segments">How many segments of the plan's range are on the target.</param>
    /// <param name="advance">What else changes.</param>
    public async Task NoteAsync(
        LaneRange range, int segments, Func<RestoreLaneRecord, RestoreLaneRecord> advance, CancellationToken cancellationToken)
    {
        int number = range.Record.Restored;
        await _lanes.AdvanceAsync(
            lane,
            found => found.Restored > number || found.RestoredSegments >= segments,
            found => advance(found) with { RestoredSegments = segments },
            cancellationToken);
        _noted++;
    }

    public ValueTask DisposeAsync() => _target?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<IReadOnlyList<WorkRange>> RangesAsync(CancellationToken cancellationToken)
    {
        RestoreLanePlan plan = await _lanes.ReadPlanAsync(cancellationToken);
        Lanes = plan.Lanes.Count;
        return lane >= 0 && lane < plan.Lanes.Count
            ? plan.Lanes[lane]
            : throw new InvalidRequestException($"The restore into cache {job.Cache} has {plan.Lanes.Count} lane(s), and no lane {lane}.");
    }

    private async Task<Func<RestoreLaneRecord, RestoreLaneRecord>> RangeAsync(
        RestoreRecords records, WorkRange range, RestoreLaneRecord record, RangeWork workAsync, CancellationToken cancellationToken)
    {
        ShardManifest shard = records.Backup.Shards.Single(s => s.Number == range.Shard);
        if (_index is null || _indexedShard != range.Shard)
        {
            _index = await SegmentIndexes.ReadAsync(parts.StoreOf(records.Backup), shard, cancellationToken);
            _indexedShard = range.Shard;
        }

        _target ??= await parts.Caches.ConnectTargetAsync(records.Address, cancellationToken);
        return await workAsync(new LaneRange(records, records.RangeOf(shard, _index, range), _target, record), cancellationToken);
    }

    private void RequireComparable(RestoreRecords records)
    {
        if (records.Cache is { Topology: CacheTopology.ClusterEnabled, ManagedResource: not null })
        {
            throw new CacheNotComparableException(
                $"Cache {job.Cache} is a cluster of ElastiCache's: this version does not ask each of its shards for its keys.");
        }
    }

    private TargetTooSlowException TooSlow(WorkRange range) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"Segments {range.FirstSegment} to {range.LastSegment} of shard {range.Shard}, {range.Bytes:N0} bytes, were not done within one call of a function: "
        + $"cache {job.Cache} or the way to it is too slow. Look at its load and at the network, and restore again."));
}
