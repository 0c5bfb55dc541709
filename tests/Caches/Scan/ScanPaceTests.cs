using CacheBackup.Caches.Scan;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Caches.Tests.Scan;

public sealed class ScanPaceTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_server_that_is_slow_twice_in_a_row_is_asked_for_less_and_less_and_a_quick_one_for_more_again()
    {
        ScanPace pace = WithSmallValues();
        Assert.Equal((ScanOptions.MostInFlight, TimeSpan.Zero), (pace.Window, pace.Pause));
        pace.Observe(TimeSpan.FromMilliseconds(21));
        pace.Observe(TimeSpan.FromMilliseconds(20));
        pace.Observe(TimeSpan.FromMilliseconds(21));
        Assert.Equal((ScanOptions.MostInFlight, TimeSpan.Zero), (pace.Window, pace.Pause));
        pace.Observe(TimeSpan.FromMilliseconds(21));
        Assert.Equal(ScanOptions.MostInFlight / 2, pace.Window);
        Assert.Equal(TimeSpan.FromMilliseconds(2), pace.Pause);
        for (int i = 0; i < 20; i++)
        {
            pace.Observe(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((ScanOptions.KeysAtOnce, TimeSpan.FromMilliseconds(200)), (pace.Window, pace.Pause));
        for (int i = 0; i < 40; i++)
        {
            pace.Observe(TimeSpan.FromMilliseconds(20));
        }

        Assert.Equal((ScanOptions.MostInFlight, TimeSpan.Zero), (pace.Window, pace.Pause));
    }

    [Fact]
    public void Large_values_make_the_window_small()
    {
        var pace = new ScanPace(ScanOptions.Default with { MaxInFlightBytes = 1_000_000 }, _time);
        for (int i = 0; i < 1_000; i++)
        {
            pace.Count(10_000);
        }

        Assert.InRange(pace.Window, 95, 105);
        for (int i = 0; i < 1_000; i++)
        {
            pace.Count(10_000_000);
        }

        Assert.Equal(1, pace.Window);
    }

    /// <summary>A server builds what it is asked for at once: the first window must not be a guess.</summary>
    [Fact]
    public void As_long_as_the_size_of_values_is_not_known_the_window_grows_with_those_that_have_come()
    {
        var pace = new ScanPace(ScanOptions.Default, _time);
        Assert.Equal(1, pace.Window);
        pace.Count(1_000);
        Assert.Equal(2, pace.Window);
        pace.Count(1_000);
        Assert.Equal(3, pace.Window);
        pace.Count(10 * ScanOptions.Default.MaxInFlightBytes);
        Assert.Equal(1, pace.Window);
    }

    [Fact]
    public void Another_database_begins_with_one_key()
    {
        ScanPace pace = WithSmallValues();
        pace.BeginDatabase();
        Assert.Equal(1, pace.Window);
        pace.Count(3 * ScanOptions.Default.MaxInFlightBytes);
        Assert.Equal(1, pace.Window);
    }

    private ScanPace WithSmallValues()
    {
        var pace = new ScanPace(ScanOptions.Default, _time);
        for (int i = 0; i < ScanOptions.MostInFlight; i++)
        {
            pace.Count(100);
        }

        return pace;
    }

    [Fact]
    public async Task A_limit_lets_so_many_keys_through_in_a_second()
    {
        var pace = new ScanPace(ScanOptions.Default with { MaxKeysPerSecond = 100 }, _time);
        for (int i = 0; i < 50; i++)
        {
            pace.Count(1);
        }

        Task waiting = pace.WaitAsync(default).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await waiting;
        Assert.True(pace.WaitAsync(default).AsTask().IsCompleted);
    }
}
