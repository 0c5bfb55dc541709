using System.Text.Json;
using System.Threading.Channels;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Local.Events;

/// <summary>
/// Stands between the jobs and one listener: a job leaves its event here and goes on, whatever the listener does. Events are told one after
/// the other, in their order. Where more wait than the queue holds, the newest are dropped and counted in the log; the event log has all.
/// </summary>
internal sealed class EventQueue : IEventSink, IAsyncDisposable
{
    /// <summary>Events that wait at most: a few hundred bytes each.</summary>
    public const int Capacity = 1000;

    // At the end, what waits still has this long.
    private static readonly TimeSpan LastChance = TimeSpan.FromSeconds(5);

    private static readonly CatalogJson Compact = new(new JsonSerializerOptions(CatalogJson.Default.Options) { WriteIndented = false });

    private readonly Channel<BackupEvent> _waiting = Channel.CreateBounded<BackupEvent>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly IEventListener _listener;
    private readonly Action<string> _log;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _work;
    private long _dropped;

    public EventQueue(IEventListener listener, TimeProvider time, Action<string> log)
    {
        _listener = listener;
        _log = log;
        _time = time;
        _work = Task.Run(WorkAsync);
    }

    public Task SendAsync(BackupEvent told, CancellationToken cancellationToken)
    {
        if (!_waiting.Writer.TryWrite(told) && Interlocked.Increment(ref _dropped) == 1)
        {
            _log($"{_listener.Name} is slower than events come: events are left out until it has caught up.");
        }

        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        Task ended = await Task.WhenAny(_work, Task.Delay(LastChance, _time));
        if (ended != _work)
        {
            await _stopping.CancelAsync();
            _log($"{_listener.Name} was not told of the last {_waiting.Reader.Count} event(s).");
        }

        await _work;
        _stopping.Dispose();
        (_listener as IDisposable)?.Dispose();
    }

    private async Task WorkAsync()
    {
        try
        {
            await foreach (BackupEvent told in _waiting.Reader.ReadAllAsync(_stopping.Token))
            {
                await DeliverAsync(told);
                if (Interlocked.Exchange(ref _dropped, 0) is var dropped and > 0)
                {
                    _log($"{_listener.Name} was not told of {dropped} event(s): more came than it took.");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host ends.
        }
    }

    private async Task DeliverAsync(BackupEvent told)
    {
        try
        {
            await _listener.DeliverAsync(JsonSerializer.SerializeToUtf8Bytes(told, Compact.BackupEvent), _stopping.Token);
        }
        catch (EventNotDeliveredException e)
        {
            _log($"{_listener.Name} was not told of event {told.Id}: {e.Message}");
        }
        catch (Exception e) when (e is not OperationCanceledException and not OutOfMemoryException)
        {
            // The edge of a work in the background: one event that nobody foresaw must not end the telling of the others.
            _log($"{_listener.Name} was not told of event {told.Id}: unexpected {e}");
        }
    }
}
