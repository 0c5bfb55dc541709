using CacheBackup.Core.Segments;

namespace CacheBackup.Core.Restores;

/// <summary>
/// Makes a <see cref="RestorePlan"/> from one shard's index after the other, so that no two of them need to be held at once: what it keeps
/// is at most <see cref="RestorePlan.MaxRanges"/> ranges.
/// </summary>
public sealed class RestorePlanner
{
    /// <summary>Ranges for each lane: enough that a slow one does not hold the rest up.</summary>
    private const int RangesPerLane = 4;

    /// <summary>Below this a range costs more to begin than to restore.</summary>
    private const long SmallestRangeBytes = 16L * 1024 * 1024;

    private readonly IReadOnlyList<long> _shardBytes;
    private readonly int _lanes;
    private readonly long _totalBytes;
    private readonly List<RestoreWork> _ranges = [];
    private int _shards;

    /// <param name="shardBytes">What each shard's segments hold, in the order of the shards' numbers; 1–<see cref="RestorePlan.MaxShards"/>.</param>
    /// <param name="lanes">Lanes wished for, 1–<see cref="RestorePlan.MaxLanes"/>.</param>
    public RestorePlanner(IReadOnlyList<long> shardBytes, int lanes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lanes, RestorePlan.MaxLanes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shardBytes.Count, RestorePlan.MaxShards);
        _shardBytes = shardBytes;
        _lanes = lanes;
        _totalBytes = Math.Max(shardBytes.Sum(), 1);
    }

    /// <summary>Cuts the next shard into ranges.</summary>
    public void Add(SegmentIndex index)
    {
        int shard = _shards++;
        Cut(shard, index.Segments, RangesFor(_shardBytes[shard]), _shardBytes[shard]);
    }

    /// <summary>Deals the ranges of all shards that were added.</summary>
    public RestorePlan Deal()
    {
        _ranges.Sort(LargestFirst);
        var lanes = new List<RestoreWork>[Math.Min(_ranges.Count, _lanes)];
        var least = new PriorityQueue<int, (long Bytes, int Lane)>();
        for (int lane = 0; lane < lanes.Length; lane++)
        {
            lanes[lane] = [];
            least.Enqueue(lane, (0, lane));
        }

        foreach (RestoreWork range in _ranges)
        {
            least.TryDequeue(out int lane, out (long Bytes, int Lane) load);
            lanes[lane].Add(range);
            least.Enqueue(lane, (load.Bytes + range.Bytes, lane));
        }

        foreach (List<RestoreWork> lane in lanes)
        {
            // A lane reads an index once for all its ranges of a shard.
            lane.Sort((one, other) => (one.Shard, one.FirstSegment).CompareTo((other.Shard, other.FirstSegment)));
        }

        return new RestorePlan([.. _ranges], lanes);
    }

    /// <summary>
    /// A shard's part of the ranges, at least 1: as many as its bytes ask for, and of those that remain when each shard has one no more
    /// than its share.
    /// </summary>
    private int RangesFor(long bytes)
    {
        long bySize = _shardBytes.Count + (_totalBytes / RestorePlan.LargestRangeBytes);
        long wished = Math.Min(Math.Max(_lanes * RangesPerLane, bySize), RestorePlan.MaxRanges);
        long spare = Math.Max(wished - _shardBytes.Count, 0);
        long share = 1 + (long)(spare * (bytes / (double)_totalBytes));
        return (int)Math.Clamp(bytes / SmallestRangeBytes, 1, share);
    }

    /// <summary>Ends a range with the segment whose middle lies behind the ideal border: no range is more than one segment too long.</summary>
    private void Cut(int shard, IReadOnlyList<Segment> segments, int count, long bytes)
    {
        int first = 0;
        int made = 0;
        long begin = 0;
        long end = 0;
        for (int number = 0; number < segments.Count; number++)
        {
            end += segments[number].LengthBytes;
            long border = (long)((made + 1) * (bytes / (double)count));
            bool isLast = number == segments.Count - 1;
            long next = isLast ? 0 : segments[number + 1].LengthBytes;
            if (isLast || end + (next / 2) > border)
            {
                _ranges.Add(new RestoreWork(shard, first, number, end - begin));
                first = number + 1;
                begin = end;
                made = Math.Max(made + 1, (int)(end / (bytes / (double)count)));
            }
        }
    }

    private static int LargestFirst(RestoreWork one, RestoreWork other) =>
        (-one.Bytes, one.Shard, one.FirstSegment).CompareTo((-other.Bytes, other.Shard, other.FirstSegment));
}
