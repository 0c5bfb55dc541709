using CacheBackup.Fixtures.Operations;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Local.Tests;

public sealed class TickerTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2028, 2, 29, 23, 57, 30, TimeSpan.Zero));
    private readonly MemoryExecutions _executions;
    private readonly List<string> _log = [];

    public TickerTests() => _executions = new MemoryExecutions(_time);

    [Fact]
    public async Task Two_ticks_of_one_moment_start_once()
    {
        Ticker first = new(_executions, _time, Ticker.UsualInterval, _log.Add);
        await using Ticker second = new(_executions, _time, Ticker.UsualInterval, _log.Add);
        await first.TickAsync(default);
        await first.DisposeAsync();
        await first.DisposeAsync();
        _time.Advance(TimeSpan.FromMinutes(2));
        await second.TickAsync(default);
        Assert.Equal(["purge 202802292300", "schedule 202802292355"], Names());
    }

    [Fact]
    public async Task It_ticks_at_once_and_then_at_every_full_five_minutes_and_purges_every_hour()
    {
        await using (Ticker ticker = new(_executions, _time, Ticker.UsualInterval, _log.Add))
        {
            ticker.Start();
            for (int i = 0; i < 4; i++)
            {
                await UntilAsync(() => Names().Count(name => name.StartsWith("schedule", StringComparison.Ordinal)) == i + 1);
                _time.Advance(TimeSpan.FromMinutes(i == 0 ? 2.5 : 5));
            }

            await UntilAsync(() => Names().Length == 7);
        }

        Assert.Equal(
            [
                "purge 202802292300", "purge 202803010000", "schedule 202802292355", "schedule 202803010000", "schedule 202803010005",
                "schedule 202803010010", "schedule 202803010015",
            ],
            Names());
        Assert.Equal("""{"time":"2028-03-01T00:00:00Z"}""", _executions.Started.First(each => each.Name == "202803010000").Input);
    }

    [Fact]
    public async Task Ticks_of_seconds_are_told_apart()
    {
        await using Ticker ticker = new(_executions, _time, TimeSpan.FromSeconds(5), _log.Add);
        await ticker.TickAsync(default);
        _time.Advance(TimeSpan.FromSeconds(5));
        await ticker.TickAsync(default);
        _time.Advance(TimeSpan.FromSeconds(25));
        await ticker.TickAsync(default);
        Assert.Equal(
            ["purge 202802292357", "purge 202802292358", "schedule 20280229235730", "schedule 20280229235735", "schedule 202802292358"], Names());
    }

    [Fact]
    public async Task A_tick_that_fails_is_not_the_last_one()
    {
        _executions.StartFailure = new IOException("the disk is full");
        await using Ticker ticker = new(_executions, _time, Ticker.UsualInterval, _log.Add);
        ticker.Start();
        await UntilAsync(() => _log.Count == 1);
        Assert.Contains("IOException: the disk is full", _log[0], StringComparison.Ordinal);
        _executions.StartFailure = null;
        await UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            return Names().Length >= 2;
        });
    }

    private string[] Names() => [.. _executions.Started.Select(each => $"{each.Machine} {each.Name}").Order(StringComparer.Ordinal)];

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (int i = 0; !condition(); i++)
        {
            Assert.True(i < 2000, "It does not come about.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }
}
