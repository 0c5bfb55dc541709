using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Storage;
using CacheBackup.Core.Tests.Restores;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Core.Tests.Operations;

/// <summary>A lane's calls: each goes on where the lane stands, and no range is counted twice or done for somebody who lost the cache.</summary>
public sealed class RestoreLaneTests : IDisposable
{
    private const int Keys = 3_000;
    private readonly LeapingTime _time = new();
    private readonly MemoryService _service;
    private readonly CancellationTokenSource _ending = new();
    private readonly RecordingTarget _target = new();
    private RestoreJob _job = null!;
    private int _ranges;

    public RestoreLaneTests() => _service = new MemoryService(_time);

    [Fact]
    public async Task A_lane_ends_between_two_ranges_when_its_time_is_up_and_the_next_call_goes_on_there()
    {
        await BeginAsync();
        _target.WhenSent = sent => EndAfterAsync(sent, Keys / 2);
        Assert.False(await RestoreAsync());
        RestoreLaneRecord half = await RecordAsync();
        Assert.InRange(half.Restored, 1, _ranges - 1);
        Assert.True(half.RestoredKeys < _target.Entries.Count, "the range that was at work is not counted");

        _target.WhenSent = _ => Task.CompletedTask;
        Assert.True(await RestoreAsync(new CancellationToken()));
        RestoreLaneRecord whole = await RecordAsync();
        Assert.Equal((_ranges, (long)Keys), (whole.Restored, whole.RestoredKeys));
        Assert.Equal(Keys, _target.Entries.Select(entry => Convert.ToHexString(entry.Key.Span)).Distinct().Count());
    }

    [Fact]
    public async Task A_lane_that_is_done_does_nothing_more()
    {
        await BeginAsync();
        Assert.True(await RestoreAsync());
        int sent = _target.Entries.Count;
        Assert.True(await RestoreAsync());
        Assert.Equal((sent, (long)Keys), (_target.Entries.Count, (await RecordAsync()).RestoredKeys));
    }

    [Fact]
    public async Task Two_calls_of_one_lane_at_once_count_each_range_once()
    {
        await BeginAsync();
        bool[] ended = await Task.WhenAll(RestoreAsync(), RestoreAsync());
        Assert.Equal([true, true], ended);
        RestoreLaneRecord record = await RecordAsync();
        Assert.Equal((_ranges, (long)Keys), (record.Restored, record.RestoredKeys));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_lane_never_goes_back_behind_what_another_call_has_done_meanwhile(int before)
    {
        await BeginAsync();
        RestoreLanes lanes = new(_service.Store, _job);
        static RestoreLaneRecord Next(RestoreLaneRecord record) => record with { Restored = record.Restored + 1 };
        for (int done = 0; done < before; done++)
        {
            await lanes.AdvanceAsync(0, _ => false, Next, default);
        }

        // Between the slow call's look at the record and its write of it, another call does the rest of the lane.
        RestoreLaneRecord whole = RestoreLaneRecord.Begin with { Restored = _ranges, RestoredKeys = Keys };
        byte[] written = JsonSerializer.SerializeToUtf8Bytes(whole, CatalogJson.Default.RestoreLaneRecord);
        RestoreLaneRecord seen = await lanes.AdvanceAsync(
            0,
            record => record.Restored > before,
            record =>
            {
                Assert.True(_service.Store.PutAsync(CatalogKeys.RestoreLane(_job.Cache, _job.Generation, 0), written, WriteCondition.None, default).IsCompletedSuccessfully);
                return Next(record);
            },
            default);
        Assert.Equal(whole, seen);
        Assert.Equal(whole, await RecordAsync());
    }

    [Fact]
    public async Task A_restore_that_is_given_up_writes_no_further_range()
    {
        await BeginAsync();
        bool isGivenUp = false;
        _target.WhenSent = async sent =>
        {
            if (sent > 0 && !isGivenUp)
            {
                isGivenUp = true;
                await new AbandonRestore(_service.Parts).RunAsync(_job, new FailureCause("Cancelled", "by a test"), default);
            }
        };
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => RestoreAsync());
        Assert.InRange(_target.Entries.Count, 1, Keys / 2);
    }

    [Fact]
    public async Task A_range_that_takes_longer_than_a_call_fails_the_restore_and_says_which()
    {
        await BeginAsync();
        _target.WhenSent = sent => EndAfterAsync(sent, 0);
        TargetTooSlowException slow = await Assert.ThrowsAsync<TargetTooSlowException>(() => RestoreAsync());
        Assert.Contains("of shard 1", slow.Message, StringComparison.Ordinal);
        Assert.Equal(RestoreLaneRecord.Begin, await RecordAsync());
    }

    [Fact]
    public async Task A_call_that_ends_within_a_range_is_gone_on_with_at_the_segment_that_it_noted()
    {
        await BeginAsync();
        await PlanOneRangeAsync(lanes: 1);
        _target.WhenSent = sent => SlowlyAsync(() => EndAfterAsync(sent, 2 * Keys / 3));
        Assert.False(await RestoreAsync());
        RestoreLaneRecord half = await RecordAsync();
        int sent = _target.Entries.Count;
        Assert.Equal(0, half.Restored);
        Assert.InRange(half.RestoredSegments!.Value, 2, _ranges);
        Assert.InRange(half.RestoredKeys, 500, sent - 1);

        _target.WhenSent = _ => SlowlyAsync(() => Task.CompletedTask);
        Assert.True(await RestoreAsync(new CancellationToken()));
        RestoreLaneRecord whole = await RecordAsync();
        Assert.Equal((1, null, (long)Keys), (whole.Restored, whole.RestoredSegments, whole.RestoredKeys));
        Assert.Equal(sent + Keys - half.RestoredKeys, _target.Entries.Count);
        Assert.Equal(Keys, _target.Entries.Select(entry => Convert.ToHexString(entry.Key.Span)).Distinct().Count());
    }

    [Fact]
    public async Task Two_calls_that_note_segments_of_one_range_count_it_once()
    {
        await BeginAsync();
        await PlanOneRangeAsync(lanes: 1);
        _target.WhenSent = _ => SlowlyAsync(async () => await Task.Yield());
        bool[] ended = await Task.WhenAll(RestoreAsync(), RestoreAsync());
        Assert.Equal([true, true], ended);
        RestoreLaneRecord record = await RecordAsync();
        Assert.Equal((1, null, (long)Keys), (record.Restored, record.RestoredSegments, record.RestoredKeys));
    }

    [Fact]
    public async Task A_restore_that_is_given_up_within_a_range_stops_at_the_next_segment_that_is_noted()
    {
        await BeginAsync();
        await PlanOneRangeAsync(lanes: 1);
        _target.WhenSent = sent => SlowlyAsync(
            () => sent == 10 ? new AbandonRestore(_service.Parts).RunAsync(_job, new FailureCause("Cancelled", "by a test"), default) : Task.CompletedTask);
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => RestoreAsync());
        Assert.InRange(_target.Entries.Count, 11, Keys - 500);
    }

    [Fact]
    public async Task Function_libraries_come_before_the_first_key_of_every_lane()
    {
        await BeginAsync(data: SampleRdb.File(
            Enumerable.Range(0, Keys).Select(i => new SampleEntry($"key:{i}", new string('x', 10_000))), "#!lua name=one\nredis.register_function('f', function() return 1 end)"));
        await PlanAsync([new WorkRange(1, _ranges - 1, _ranges - 1, 1)]);
        Assert.True(await RestoreAsync());
        Assert.Equal((1, 0), (_target.Libraries.Count, _target.EntriesBeforeLibraries));
        Assert.NotEmpty(_target.Entries);
    }

    [Theory]
    [InlineData(1, 30)]
    [InlineData(3, 90)]
    public async Task A_lane_writes_its_part_of_the_rate(int lanes, int seconds)
    {
        // 30 MB at 1 MB/s, or at the third of it that is this lane's.
        await BeginAsync(RestoreRate.Of(1_000_000, null));
        await PlanOneRangeAsync(lanes);
        TimeSpan before = _time.Elapsed;
        Assert.True(await RestoreAsync());
        Assert.InRange((_time.Elapsed - before).TotalSeconds, seconds, seconds * 1.02);
    }

    [Fact]
    public async Task A_call_without_time_says_that_there_is_more()
    {
        await BeginAsync();
        await _ending.CancelAsync();
        Assert.False(await RestoreAsync());
        Assert.Empty(_target.Entries);
    }

    [Fact]
    public async Task Who_plans_again_gets_the_first_plan()
    {
        await BeginAsync();
        RestoreWorkPlan again = await new CheckRestore(_service.Parts).RunAsync(_job, default);
        Assert.Equal([0], again.Lanes);
        Assert.True(await RestoreAsync());
        Assert.Equal(_ranges, (await RecordAsync()).Restored);
    }

    [Fact]
    public async Task There_is_no_lane_beyond_the_plan()
    {
        await BeginAsync();
        await Assert.ThrowsAsync<InvalidRequestException>(() => new RestoreLane(_service.Parts).RunAsync(_job, 1, default, default));
    }

    [Fact]
    public async Task A_key_that_is_missing_is_found_and_the_range_is_not_counted()
    {
        await BeginAsync();
        await Assert.ThrowsAsync<RestoreMismatchException>(() => new CompareLane(_service.Parts).RunAsync(_job, 0, default, default));
        Assert.Equal(0, (await RecordAsync()).Compared);
    }

    public void Dispose() => _ending.Dispose();

    /// <summary>A restore that has claimed its target, with a plan of one lane that has a range for each segment of entries.</summary>
    private async Task BeginAsync(RestoreRate? rate = null, byte[]? data = null)
    {
        _service.Caches.Data = data ?? SampleRdb.File(Keys, valueBytes: 10_000);
        _service.Caches.Target = () => _target;
        Backup backup = await _service.TakeBackupAsync("nightly");
        Cache cache = await new StartRestore(_service.Parts).RunAsync(
            new StartRestoreRequest(backup.Name, CacheName.Parse("fresh"), new RestoreTargetSpec(), Rate: rate), default);
        _job = new RestoreJob(cache.Operation!.Execution, backup.Name, cache.Name, cache.Generation);
        await new ProvisionCache(_service.Parts).RunAsync(_job, RestoreFill.Restore, default);
        await _service.Parts.Catalog.Caches.ChangeAsync(
            cache.Name, c => c with { Restoration = c.Restoration! with { ClaimedBy = _job.Execution } }, default);

        // The first segment is the file's header, and has no keys.
        _ranges = backup.Shards[0].Segments - 1;
        await PlanAsync([new WorkRange(1, 0, 1, 1), .. Enumerable.Range(2, _ranges - 1).Select(n => new WorkRange(1, n, n, 1))]);
        Assert.InRange(_ranges, 3, 20);
    }

    private Task<ObjectTag> PlanOneRangeAsync(int lanes) =>
        PlanAsync([.. Enumerable.Repeat<IReadOnlyList<WorkRange>>([new WorkRange(1, 0, _ranges, 1)], lanes)]);

    private Task<ObjectTag> PlanAsync(params IReadOnlyList<WorkRange>[] lanes) => _service.Store.PutAsync(
        CatalogKeys.RestorePlan(_job.Cache, _job.Generation),
        JsonSerializer.SerializeToUtf8Bytes(new RestoreLanePlan { Lanes = lanes }, CatalogJson.Default.RestoreLanePlan),
        WriteCondition.None,
        default);

    /// <summary>So slowly that every segment is worth noting.</summary>
    private Task SlowlyAsync(Func<Task> next)
    {
        _time.Leap(TimeSpan.FromMilliseconds(50));
        return next();
    }

    private Task EndAfterAsync(int sent, int limit) => sent > limit ? _ending.CancelAsync() : Task.CompletedTask;

    private Task<bool> RestoreAsync(CancellationToken? ending = null) =>
        new RestoreLane(_service.Parts).RunAsync(_job, 0, ending ?? _ending.Token, default);

    private async Task<RestoreLaneRecord> RecordAsync()
    {
        try
        {
            await using ObjectContent content = await _service.Store.GetAsync(CatalogKeys.RestoreLane(_job.Cache, _job.Generation, 0), null, default);
            return (await JsonSerializer.DeserializeAsync(content.Stream, CatalogJson.Default.RestoreLaneRecord))!;
        }
        catch (ObjectNotFoundException)
        {
            return RestoreLaneRecord.Begin;
        }
    }
}
