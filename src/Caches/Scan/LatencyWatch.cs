using CacheBackup.Core;
using CacheBackup.Core.Resp;

namespace CacheBackup.Caches.Scan;

/// <summary>Asks the server PING on a connection of its own, as another client would, and tells the pace how long it took.</summary>
internal sealed class LatencyWatch : IAsyncDisposable
{
    private static readonly RespCommand Ping = new("PING");

    private readonly CancellationTokenSource _ending = new();
    private readonly RespConnection _connection;
    private readonly Task _watching;

    public LatencyWatch(RespConnection connection, ScanPace pace, TimeSpan interval)
    {
        _connection = connection;
        _watching = WatchAsync(pace, interval, _ending.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _watching;
        await _connection.DisposeAsync();
        _ending.Dispose();
    }

    /// <summary>Ends with the connection: the scan itself notices a server that is gone. A PING that the user may not send is answered as fast.</summary>
    private async Task WatchAsync(ScanPace pace, TimeSpan interval, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(interval, _connection.Time, cancellationToken).ConfigureAwait(false);
                long asked = _connection.Time.GetTimestamp();
                _ = await _connection.SendAsync(Ping, cancellationToken).ConfigureAwait(false);
                pace.Observe(_connection.Time.GetElapsedTime(asked));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or TransientException or PermanentException)
        {
            // The pace stays as it is.
        }
    }
}
