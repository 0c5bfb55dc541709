using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;

namespace CacheBackup.Core.Tests.Restores;

public sealed class RestorePlanTests
{
    private const long MiB = 1024 * 1024;
    private static readonly Comparer<RestoreWork> ByPlace =
        Comparer<RestoreWork>.Create((one, other) => (one.Shard, one.FirstSegment).CompareTo((other.Shard, other.FirstSegment)));

    [Fact]
    public void Plan_holds_every_segment_once_whatever_the_sizes()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            SegmentIndex[] shards = [.. Enumerable.Range(0, 1 + random.Next(30)).Select(_ => Index(RandomLengths(random)))];
            int lanes = 1 + random.Next(RestorePlan.MaxLanes);
            RestorePlan plan = RestorePlan.Of(shards, lanes);

            Assert.InRange(plan.Ranges.Count, shards.Length, RestorePlan.MaxRanges);
            Assert.InRange(plan.Lanes.Count, 1, lanes);
            Assert.Equal(plan.Ranges.Order(ByPlace), plan.Lanes.SelectMany(lane => lane).Order(ByPlace));
            var seen = plan.Ranges.SelectMany(r => Enumerable.Range(r.FirstSegment, r.LastSegment - r.FirstSegment + 1).Select(s => (r.Shard, s))).Order();
            Assert.Equal(shards.SelectMany((shard, number) => shard.Segments.Select(s => (number, s.Number))), seen);
            Assert.All(plan.Ranges, r => Assert.Equal(Segments(shards, r).Sum(s => s.LengthBytes), r.Bytes));
            Assert.Equal(plan.Ranges, RestorePlan.Of(shards, lanes).Ranges);
        }
    }

    [Fact]
    public void Ranges_of_one_shard_differ_by_at_most_one_segment()
    {
        RestorePlan plan = RestorePlan.Of([Index(Enumerable.Repeat(8 * MiB, 1_000))], lanes: 8);
        Assert.Equal(32, plan.Ranges.Count);
        Assert.Equal(8, plan.Lanes.Count);
        Assert.InRange(plan.Ranges.Max(r => r.Bytes) - plan.Ranges.Min(r => r.Bytes), 0, 8 * MiB);
    }

    [Fact]
    public void Larger_shards_get_more_ranges_and_the_largest_range_comes_first()
    {
        RestorePlan plan = RestorePlan.Of([Index(Enumerable.Repeat(8 * MiB, 10)), Index(Enumerable.Repeat(8 * MiB, 300))], lanes: 4);
        Assert.True(plan.Ranges.Count(r => r.Shard == 1) >= 12);
        Assert.Equal(plan.Ranges.OrderByDescending(r => r.Bytes), plan.Ranges);
    }

    [Fact]
    public void A_huge_entry_stays_one_range_and_does_not_starve_the_rest()
    {
        long[] lengths = [.. Enumerable.Repeat(8 * MiB, 20), 2_000 * MiB, .. Enumerable.Repeat(8 * MiB, 20)];
        RestorePlan plan = RestorePlan.Of([Index(lengths)], lanes: 4);
        Assert.Equal(20, plan.Ranges[0].FirstSegment);
        Assert.Equal(20, plan.Ranges[0].LastSegment);
        Assert.InRange(plan.Ranges.Count, 2, 16);
    }

    [Fact]
    public void Little_data_is_one_range()
    {
        RestorePlan plan = RestorePlan.Of([Index([8 * MiB, 8 * MiB, 9])], lanes: 40);
        Assert.Equal(new RestoreWork(0, 0, 2, (16 * MiB) + 9), Assert.Single(plan.Ranges));
        Assert.Single(plan.Lanes);
    }

    [Fact]
    public void Lanes_get_about_the_same_and_work_shard_by_shard()
    {
        SegmentIndex[] shards = [.. Enumerable.Range(1, 37).Select(n => Index(Enumerable.Repeat(8 * MiB, n * 10)))];
        RestorePlan plan = RestorePlan.Of(shards, lanes: 10);
        long[] loads = [.. plan.Lanes.Select(lane => lane.Sum(range => range.Bytes))];
        Assert.InRange(loads.Max() - loads.Min(), 0, plan.Ranges[0].Bytes);
        Assert.All(plan.Lanes, lane => Assert.Equal(lane.Order(ByPlace), lane));
    }

    [Fact]
    public void Ranges_of_much_data_stay_small_enough_for_one_call_and_few_enough_for_one_object()
    {
        SegmentIndex shard = Index(Enumerable.Repeat(8 * MiB, 2_500));
        RestorePlan ten = Planned(Enumerable.Repeat(shard, RestorePlan.MaxShards));
        Assert.Equal(RestorePlan.MaxLanes, ten.Lanes.Count);
        Assert.InRange(ten.Ranges[0].Bytes, 1, RestorePlan.LargestRangeBytes + (8 * MiB));
        RestorePlan hundred = Planned(Enumerable.Repeat(Index(Enumerable.Repeat(64 * MiB, 3_125)), RestorePlan.MaxShards));
        Assert.InRange(hundred.Ranges.Count, 15_000, RestorePlan.MaxRanges);
    }

    [Fact]
    public void Plan_refuses_lanes_beyond_its_limit()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => RestorePlan.Of([Index([9])], lanes: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => RestorePlan.Of([Index([9])], lanes: 41));
    }

    private static RestorePlan Planned(IEnumerable<SegmentIndex> shards) => RestorePlan.Of([.. shards], RestorePlan.MaxLanes);

    private static IEnumerable<Segment> Segments(SegmentIndex[] shards, RestoreWork work) =>
        shards[work.Shard].Segments.Skip(work.FirstSegment).Take(work.LastSegment - work.FirstSegment + 1);

    private static IEnumerable<long> RandomLengths(Random random) =>
        [.. Enumerable.Range(0, 1 + random.Next(400)).Select(_ => random.Next(20) == 0 ? random.NextInt64(1, 500 * MiB) : random.NextInt64(1, 9 * MiB))];

    private static SegmentIndex Index(IEnumerable<long> lengths)
    {
        var segments = new List<Segment>();
        long offset = 0;
        foreach (long length in lengths)
        {
            segments.Add(new Segment
            {
                Number = segments.Count,
                Kind = SegmentKind.Entries,
                OffsetBytes = offset,
                LengthBytes = length,
                Database = 0,
                Keys = 1,
                Sha256 = default,
                Crc64 = 0,
            });
            offset += length;
        }

        return new SegmentIndex
        {
            RdbVersion = new RdbVersion(RdbMagic.Redis, 10),
            SizeBytes = offset,
            Segments = segments,
            LargeEntries = [],
            Functions = [],
        };
    }
}
