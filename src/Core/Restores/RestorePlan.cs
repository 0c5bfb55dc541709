using CacheBackup.Core.Segments;

namespace CacheBackup.Core.Restores;

/// <summary>
/// How a backup's segments are dealt out: work ranges of about the same size, dealt to lanes, the largest first and each to the lane that
/// has the least, so that lanes end at about the same time. The same indexes and lanes give the same plan.
/// </summary>
public sealed record RestorePlan
{
    /// <summary>The most lanes at work at once (the concurrency of an inline Map).</summary>
    public const int MaxLanes = 40;

    /// <summary>The most shards of a backup.</summary>
    public const int MaxShards = 500;

    /// <summary>The most ranges: the plan is one object of at most 5 MiB.</summary>
    public const int MaxRanges = 20_000;

    /// <summary>
    /// The largest range that is planned while there are fewer than <see cref="MaxRanges"/>, one segment more or less: a function ends
    /// between two ranges, and so has to finish one within its time. At 1.3 MB/s it does.
    /// </summary>
    public const long LargestRangeBytes = 1024L * 1024 * 1024;

    internal RestorePlan(IReadOnlyList<RestoreWork> ranges, IReadOnlyList<IReadOnlyList<RestoreWork>> lanes)
    {
        Ranges = ranges;
        Lanes = lanes;
    }

    /// <summary>Every segment of every shard in exactly one range, the largest first; none where the shards are empty.</summary>
    public IReadOnlyList<RestoreWork> Ranges { get; }

    /// <summary>
    /// The same ranges as each lane works through them, shard by shard; every lane has at least one. At most <see cref="MaxLanes"/>.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<RestoreWork>> Lanes { get; }

    /// <param name="shards">The shards' indexes in the order of their numbers; 1–<see cref="MaxShards"/>.</param>
    /// <param name="lanes">Lanes wished for, 1–<see cref="MaxLanes"/>.</param>
    public static RestorePlan Of(IReadOnlyList<SegmentIndex> shards, int lanes)
    {
        RestorePlanner planner = new([.. shards.Select(shard => shard.Segments.Sum(segment => segment.LengthBytes))], lanes);
        foreach (SegmentIndex shard in shards)
        {
            planner.Add(shard);
        }

        return planner.Deal();
    }
}
