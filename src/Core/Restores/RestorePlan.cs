using CacheBackup.Core.Segments;

namespace CacheBackup.Core.Restores;

/// <summary>
/// How a backup's segments are dealt out: work ranges of about the same size, largest first, so that lanes which take the next range
/// whenever they are free end at about the same time. The same indexes and lanes give the same plan.
/// </summary>
public sealed record RestorePlan
{
    /// <summary>The most ranges at work at once (the concurrency of an inline Map).</summary>
    public const int MaxLanes = 40;

    /// <summary>The most ranges of one execution: its history has 25,000 events.</summary>
    public const int MaxRanges = 200;

    /// <summary>Ranges for each lane: enough that a slow one does not hold the rest up.</summary>
    private const int RangesPerLane = 4;

    /// <summary>Below this a range costs more to begin than to restore.</summary>
    private const long SmallestRangeBytes = 16L * 1024 * 1024;

    private RestorePlan(int lanes, IReadOnlyList<RestoreWork> ranges)
    {
        Lanes = lanes;
        Ranges = ranges;
    }

    /// <summary>Ranges that are to be at work at once, 1–<see cref="MaxLanes"/>.</summary>
    public int Lanes { get; }

    /// <summary>Every segment of every shard in exactly one range; at most <see cref="MaxRanges"/>, none where the shards are empty.</summary>
    public IReadOnlyList<RestoreWork> Ranges { get; }

    /// <param name="shards">The shards' indexes in the order of their numbers; 1–<see cref="MaxRanges"/>.</param>
    /// <param name="lanes">Lanes wished for, 1–<see cref="MaxLanes"/>.</param>
    public static RestorePlan Of(IReadOnlyList<SegmentIndex> shards, int lanes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lanes, MaxLanes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shards.Count, MaxRanges);
        long[] bytes = [.. shards.Select(shard => shard.Segments.Sum(segment => segment.LengthBytes))];
        var ranges = new List<RestoreWork>();
        for (int shard = 0; shard < shards.Count; shard++)
        {
            Cut(shard, shards[shard].Segments, RangesFor(bytes, shard, lanes), bytes[shard], ranges);
        }

        ranges.Sort(LargestFirst);
        return new RestorePlan(Math.Clamp(ranges.Count, 1, lanes), ranges);
    }

    /// <summary>
    /// This shard's part of the ranges, at least 1: as many as its bytes ask for, and of those that remain when each shard has one no more
    /// than its share.
    /// </summary>
    private static int RangesFor(long[] bytes, int shard, int lanes)
    {
        long total = Math.Max(bytes.Sum(), 1);
        int wished = Math.Min(lanes * RangesPerLane, MaxRanges);
        long spare = Math.Max(wished - bytes.Length, 0);
        long share = 1 + (long)(spare * (double)bytes[shard] / total);
        return (int)Math.Clamp(bytes[shard] / SmallestRangeBytes, 1, share);
    }

    /// <summary>Ends a range with the segment whose middle lies behind the ideal border: no range is more than one segment too long.</summary>
    private static void Cut(int shard, IReadOnlyList<Segment> segments, int count, long bytes, List<RestoreWork> ranges)
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
                ranges.Add(new RestoreWork(shard, first, number, end - begin));
                first = number + 1;
                begin = end;
                made = Math.Max(made + 1, (int)(end / (bytes / (double)count)));
            }
        }
    }

    private static int LargestFirst(RestoreWork one, RestoreWork other) =>
        (-one.Bytes, one.Shard, one.FirstSegment).CompareTo((-other.Bytes, other.Shard, other.FirstSegment));
}
