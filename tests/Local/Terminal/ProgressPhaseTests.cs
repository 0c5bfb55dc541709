using CacheBackup.Core.Operations;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Local.Terminal;

public sealed class ProgressPhaseTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _error = new();

    public void Dispose() => _error.Dispose();

    [Fact]
    public async Task Without_a_terminal_a_line_comes_every_five_seconds()
    {
        await using (ProgressPhase phase = Console(isTerminal: false).Begin("verify", 1 << 30))
        {
            phase.Report(new TransferProgress(100 << 20, 1 << 30, 10));
            _time.Advance(TimeSpan.FromSeconds(4.9));
            Assert.Empty(_error.ToString());
            _time.Advance(TimeSpan.FromSeconds(0.1));
            phase.Report(new TransferProgress(200 << 20, 1 << 30, 20));
            _time.Advance(TimeSpan.FromSeconds(5));
            phase.Report(new TransferProgress(1 << 30, 1 << 30, 30));
            phase.Complete();
        }

        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(
            [
                "verify      9 %  100 MiB of 1.00 GiB  10 keys  20.0 MiB/s  46 s left",
                "verify     19 %  200 MiB of 1.00 GiB  20 keys  20.0 MiB/s  41 s left",
                "verify    1.00 GiB  30 keys  10 s  102 MiB/s",
            ],
            _error.ToString().TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task On_a_terminal_one_line_is_redrawn_and_one_stays()
    {
        await using (ProgressPhase phase = Console(isTerminal: true).Begin("verify", 1 << 30))
        {
            phase.Report(new TransferProgress(512 << 20, 1 << 30, 10));
            _time.Advance(TimeSpan.FromSeconds(0.2));
            _time.Advance(TimeSpan.FromSeconds(0.2));
            phase.Report(new TransferProgress(1 << 30, 1 << 30, 30));
            phase.Complete();
        }

        string[] drawn = _error.ToString().Split("\r\u001b[K");
        Assert.Equal(4, drawn.Length);
        Assert.Contains("░", drawn[1], StringComparison.Ordinal);
        Assert.DoesNotContain('\n', drawn[1]);
        Assert.Equal("verify    1.00 GiB  30 keys  0.4 s  2.50 GiB/s\n", drawn[3]);
    }

    [Fact]
    public async Task Failed_phase_takes_its_line_away()
    {
        await using (ProgressPhase phase = Console(isTerminal: true).Begin("verify", 100))
        {
            _time.Advance(TimeSpan.FromSeconds(0.2));
        }

        Assert.EndsWith("\r\u001b[K", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lanes_add_up_against_the_total_of_the_phase()
    {
        await using (ProgressPhase phase = Console(isTerminal: false).Begin("restore", 1000))
        {
            phase.Lane(2).Report(new TransferProgress(100, 200, 1));
            phase.Lane(0).Report(new TransferProgress(300, null, 2));
            phase.Lane(2).Report(new TransferProgress(150, 200, 3));
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.StartsWith("restore    45 %  450 B of 0.98 KiB  5 keys", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rate_is_that_of_the_last_seconds_and_falls_when_nothing_comes()
    {
        await using (ProgressPhase phase = Console(isTerminal: false).Begin("snapshot"))
        {
            phase.Report(new TransferProgress(100 << 20, null, 0));
            for (int i = 0; i < 4; i++)
            {
                _time.Advance(TimeSpan.FromSeconds(5));
            }
        }

        string[] lines = _error.ToString().TrimEnd().Split('\n');
        Assert.EndsWith("20.0 MiB/s", lines[0], StringComparison.Ordinal);
        Assert.Equal("snapshot  100 MiB", lines[3]);
    }

    private ToolConsole Console(bool isTerminal) => new()
    {
        Output = TextWriter.Null,
        Error = _error,
        IsTerminal = isTerminal,
        IsUnicode = true,
        Width = () => 100,
        Time = _time,
    };
}
