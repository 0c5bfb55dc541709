using System.Text;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Tests.Rdb;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Core.Tests.Restores;

public sealed class EntrySelectionTests
{
    private const long Later = 4_102_444_800_000;

    [Fact]
    public void No_condition_is_no_selection()
    {
        Assert.Null(EntrySelection.Of(null, null, null));
        Assert.Null(EntrySelection.Of(null, [], []));
    }

    [Theory]
    [InlineData("", null, null)]
    [InlineData(null, "sorted-set", null)]
    [InlineData(null, null, -1)]
    [InlineData(null, null, 1_000_001)]
    public void Condition_that_nothing_meets_is_refused(string? match, string? type, int? database) =>
        Assert.Throws<InvalidRequestException>(() => EntrySelection.Of(match, type is null ? null : [type], database is { } d ? [d] : null));

    [Fact]
    public void Every_type_is_in_exactly_one_of_the_names()
    {
        string[] names = ["string", "list", "set", "zset", "hash", "stream", "module"];
        Assert.All(Enum.GetValues<RdbType>(), type => Assert.Single(names, name => EntrySelection.Of(null, [name], null)!.HasType(type)));
    }

    [Fact]
    public async Task Only_what_fits_every_condition_is_sent_and_both_sides_are_counted()
    {
        StoredSample sample = await MixedAsync();
        await using RecordingTarget target = new();
        RestoreRange range = sample.Range with { Selection = EntrySelection.Of("user:*", ["STRING"], [0]) };
        RestoreReport report = await new RestoreRun(sample.Store, TimeProvider.System).RunAsync(range, target, null, default);
        Assert.Equal(["user:1", "user:2"], target.Entries.Select(entry => Encoding.ASCII.GetString(entry.Key.Span)));
        Assert.Equal((2L, 3L, 0), (report.Restored, report.LeftOut, report.Functions));
        Assert.Empty(target.Libraries);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(20_000_000)]
    public async Task Damaged_segment_is_passed_over_on_the_users_word_alone(int valueBytes)
    {
        StoredSample sample = await StoredSample.CreateAsync(SampleRdb.File(keys: valueBytes > 1_000 ? 3 : 2_000, valueBytes));
        Segment hit = sample.Content.Index.Segments.First(segment => segment is { Keys: > 0 });
        await sample.DamageAsync(hit.EndOffsetBytes - 1);
        await using RecordingTarget target = new();
        RestoreRun run = new(sample.Store, TimeProvider.System);
        await Assert.ThrowsAsync<BackupDamagedException>(() => run.RunAsync(sample.Range, target, null, default));
        target.Entries.Clear();

        RestoreReport report = await run.RunAsync(sample.Range with { SkipDamaged = true }, target, null, default);
        Assert.Equal(hit.Keys, report.Lost);
        Assert.Equal(sample.Content.Index.Keys - hit.Keys, report.Restored);
        Assert.Equal(report.Restored, target.Entries.Count);
        Assert.DoesNotContain(target.Entries, entry => entry.OffsetBytes >= hit.OffsetBytes && entry.OffsetBytes < hit.EndOffsetBytes);
    }

    [Fact]
    public void Account_of_ranges_adds_what_each_selected()
    {
        CompareReport one = CompareReport.Empty with { LeftOut = 3, Selected = [new SelectedKeys(2, 1, 0), new SelectedKeys(0, 4, 1)] };
        CompareReport other = CompareReport.Empty with { LeftOut = 2, Selected = [new SelectedKeys(0, 5, 5)] };
        CompareReport sum = CompareReport.Empty.Plus(one).Plus(other);
        Assert.Equal([new SelectedKeys(0, 9, 6), new SelectedKeys(2, 1, 0)], sum.Selected);
        Assert.Equal(5, sum.LeftOut);
        Assert.Null(CompareReport.Empty.Plus(CompareReport.Empty).Selected);
        Assert.Empty(CompareReport.Empty.Plus(CompareReport.Empty with { Selected = [] }).Selected!);
    }

    [Fact]
    public void Totals_are_those_of_the_selection()
    {
        RdbDatabaseSummary[] whole = [new(0, 100, 50, 0)];
        CompareReport ranges = CompareReport.Empty with { Compared = 3, Equal = 3, LeftOut = 97, Selected = [new SelectedKeys(0, 3, 1)] };
        Assert.Equal(0, CompareTotals.Examine(Target(keys: 3, expiring: 1), [], whole, ranges).DifferenceCount);
        Assert.Equal(1, CompareTotals.Examine(Target(keys: 4, expiring: 1), [], whole, ranges).DifferenceCount);
        Assert.Equal(1, CompareTotals.Examine(Target(keys: 2, expiring: 1), [], whole, ranges).DifferenceCount);
        Assert.NotEqual(0, CompareTotals.Examine(Target(keys: 3, expiring: 1), [], whole, ranges with { Selected = null }).DifferenceCount);
    }

    private static Task<StoredSample> MixedAsync() => StoredSample.CreateAsync(
        new RdbBuilder("REDIS0010")
            .Function("#!lua name=mine\nredis.register_function('f', function() return 1 end)")
            .Select(0)
            .StringEntry("user:1", "a"u8)
            .Expire(Later)
            .StringEntry("user:2", "b"u8)
            .StringEntry("order:1", "c"u8)
            .Type(RdbType.List, "user:list").Number(1).Text("x")
            .Select(3)
            .StringEntry("user:1", "d"u8)
            .End());

    private static CacheProbe Target(long keys, long expiring) => new()
    {
        Engine = CacheEngine.Redis,
        Version = new CacheVersion(7, 0, 15),
        RunId = "r",
        ServerTime = DateTimeOffset.UnixEpoch,
        ClusterEnabled = false,
        IsReplica = false,
        IsLoading = false,
        KeysByDatabase = new Dictionary<int, long> { [0] = keys },
        ExpiringKeysByDatabase = new Dictionary<int, long> { [0] = expiring },
        UsedMemoryBytes = 0,
        MaxMemoryBytes = 0,
        TotalSystemMemoryBytes = 0,
    };
}
