using System.Globalization;
using System.Text;
using CacheBackup.Core.Operations;

namespace CacheBackup.Local;

/// <summary>
/// The local stand-in of EventBridge's rules: starts the schedule at every tick, and the purge at every twelfth (every hour, where ticks
/// come every five minutes). Executions are named by the tick's time, so that two ticks of one moment, or a tick that a restarted host repeats, start nothing twice.
/// </summary>
public sealed class Ticker : IAsyncDisposable
{
    /// <summary>As EventBridge ticks in AWS.</summary>
    public static readonly TimeSpan UsualInterval = TimeSpan.FromMinutes(5);

    private const int TicksToPurge = 12;

    private readonly TimeSpan _interval;
    private readonly IExecutions _executions;
    private readonly TimeProvider _time;
    private readonly Action<string> _log;
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;

    /// <param name="executions">Starts the machines.</param>
    /// <param name="time">The clock that is followed.</param>
    /// <param name="interval">From one tick to the next: whole seconds that divide a day, so that every host ticks at the same times.</param>
    /// <param name="log">Told of ticks that could not start what they should.</param>
    public Ticker(IExecutions executions, TimeProvider time, TimeSpan interval, Action<string> log)
    {
        _interval = interval;
        _executions = executions;
        _time = time;
        _log = log;
    }

    /// <summary>Ticks at once, and then at every full interval, until it is disposed.</summary>
    public void Start() => _loop = LoopAsync(_stopping.Token);

    /// <summary>One tick, at the clock's time.</summary>
    public async Task TickAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        await StartAsync(Core.Operations.StateMachines.Schedule, Floor(now, _interval), cancellationToken);
        await StartAsync(Core.Operations.StateMachines.Purge, Floor(now, _interval * TicksToPurge), cancellationToken);
    }

    /// <summary>Ends the loop; a tick that is under way is ended first. Harmless to repeat.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
    }

    private static DateTimeOffset Floor(DateTimeOffset time, TimeSpan interval) => new(time.UtcTicks - (time.UtcTicks % interval.Ticks), TimeSpan.Zero);

    private Task StartAsync(string machine, DateTimeOffset tick, CancellationToken cancellationToken)
    {
        string name = tick.ToString(tick.Second == 0 ? "yyyyMMddHHmm" : "yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        byte[] input = Encoding.UTF8.GetBytes($$"""{"time":"{{tick.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}}"}""");
        return _executions.StartAsync(_executions.IdOf(machine, name), input, cancellationToken);
    }

    private async Task LoopAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await TickAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e)
            {
                // The edge: a tick that fails must not be the last one.
                _log($"A tick could not start its jobs, the next one tries again: {e.GetType().Name}: {e.Message}");
            }

            TimeSpan next = _interval - TimeSpan.FromTicks(_time.GetUtcNow().UtcTicks % _interval.Ticks);
            await Task.Delay(next, _time, cancellationToken).ContinueWith(
                _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }
}
