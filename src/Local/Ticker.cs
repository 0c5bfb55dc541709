using System.Globalization;
using System.Text;
using CacheBackup.Core.Operations;

namespace CacheBackup.Local;

/// <summary>
/// The local stand-in of EventBridge's rules: starts the schedule every five minutes, and the purge every hour. Executions are named by
/// the tick's time, so that two ticks of one moment, or a tick that a restarted host repeats, start nothing twice.
/// </summary>
public sealed class Ticker : IAsyncDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan PurgeInterval = TimeSpan.FromHours(1);

    private readonly IExecutions _executions;
    private readonly TimeProvider _time;
    private readonly Action<string> _log;
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;

    /// <param name="executions">Starts the machines.</param>
    /// <param name="time">The clock that is followed.</param>
    /// <param name="log">Told of ticks that could not start what they should.</param>
    public Ticker(IExecutions executions, TimeProvider time, Action<string> log)
    {
        _executions = executions;
        _time = time;
        _log = log;
    }

    /// <summary>Ticks at once, and then at every full five minutes, until it is disposed.</summary>
    public void Start() => _loop = LoopAsync(_stopping.Token);

    /// <summary>One tick, at the clock's time.</summary>
    public async Task TickAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        await StartAsync(Core.Operations.StateMachines.Schedule, Floor(now, Interval), cancellationToken);
        await StartAsync(Core.Operations.StateMachines.Purge, Floor(now, PurgeInterval), cancellationToken);
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
        string name = tick.ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture);
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

            TimeSpan next = Interval - TimeSpan.FromTicks(_time.GetUtcNow().UtcTicks % Interval.Ticks);
            await Task.Delay(next, _time, cancellationToken).ContinueWith(
                _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }
}
