using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Core.Tests.Restores;

public sealed class RestorePaceTests
{
    private readonly LeapingTime _time = new();

    [Theory]
    [InlineData(100_000L, null, 20.0)]
    [InlineData(null, 50L, 20.0)]
    [InlineData(100_000L, 25L, 40.0)]
    [InlineData(100_000L, 5_000L, 20.0)]
    public async Task Pace_is_kept_to_the_slower_of_bytes_and_keys(long? bytesPerSecond, long? keysPerSecond, double seconds)
    {
        RestorePace pace = RestoreRate.Of(bytesPerSecond, keysPerSecond)!.Share(1, _time);
        for (int i = 0; i < 1_000; i++)
        {
            await pace.WaitAsync(keys: 1, bytes: 2_000, default);
        }

        // The last one is not waited for, and a burst at the beginning is free.
        Assert.InRange(_time.Elapsed.TotalSeconds, seconds - 0.1, seconds);
    }

    [Fact]
    public async Task Writers_of_a_share_keep_the_rate_together()
    {
        RestoreRate rate = new() { BytesPerSecond = 400_000 };
        RestorePace[] shares = [.. Enumerable.Range(0, 4).Select(_ => rate.Share(4, _time))];
        for (int i = 0; i < 1_000; i++)
        {
            await shares[i % 4].WaitAsync(1, 4_000, default);
        }

        Assert.InRange(_time.Elapsed.TotalSeconds, 9.8, 10.0);
    }

    [Fact]
    public async Task A_pause_is_not_made_up_for()
    {
        RestorePace pace = RestoreRate.Of(100_000, null)!.Share(1, _time);
        await pace.WaitAsync(1, 1_000, default);
        _time.Leap(TimeSpan.FromHours(1));
        TimeSpan before = _time.Elapsed;
        for (int i = 0; i < 100; i++)
        {
            await pace.WaitAsync(1, 10_000, default);
        }

        Assert.InRange((_time.Elapsed - before).TotalSeconds, 9.8, 10.0);
    }

    [Fact]
    public async Task A_run_writes_no_faster_than_its_pace_and_sends_all()
    {
        StoredSample sample = await StoredSample.CreateAsync(SampleRdb.File(keys: 1_000, valueBytes: 995));
        await using RecordingTarget target = new();
        RestoreRun run = new(sample.Store, TimeProvider.System) { Pace = RestoreRate.Of(100_000, null)!.Share(1, _time) };

        RestoreReport report = await run.RunAsync(sample.Range, target, null, default);

        Assert.Equal((1_000, 1_000), (report.Restored, target.Entries.Count));
        long bytes = target.Entries.Sum(entry => entry.Key.Length + entry.Value.Length);
        Assert.InRange(_time.Elapsed.TotalSeconds, (bytes / 100_000.0) - 0.2, bytes / 100_000.0);
    }

    [Theory]
    [InlineData(65_535L, null)]
    [InlineData(null, 0L)]
    [InlineData(-1L, 5L)]
    public void A_rate_that_would_never_end_is_refused(long? bytesPerSecond, long? keysPerSecond) =>
        Assert.Throws<InvalidRequestException>(() => RestoreRate.Of(bytesPerSecond, keysPerSecond));

    [Fact]
    public void No_limit_is_no_rate() => Assert.Null(RestoreRate.Of(null, null));
}
