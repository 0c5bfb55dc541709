namespace CacheBackup.Core.Restores;

/// <summary>
/// Keeps writers to a rate: each says what it is about to send, and goes on when its turn has come. What was not used is not saved up
/// beyond <see cref="Burst"/>, and what one sends above its turn the next one waits for, so that over any time the rate is kept but for the
/// burst and one write of each writer. Of bytes and keys the slower decides. Safe for any number of writers at once.
/// </summary>
public sealed class RestorePace
{
    /// <summary>What may be sent at once after a pause: enough that a timer's coarseness costs nothing.</summary>
    public static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(50);

    /// <summary>Waiting for less costs more than it holds back: it is waited for with the next.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(5);

    private readonly double _ticksPerByte;
    private readonly double _ticksPerKey;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly long _begin;

    // In ticks since the beginning: when all that was sent so far will have been due.
    private double _bytesDue;
    private double _keysDue;

    internal RestorePace(double? bytesPerSecond, double? keysPerSecond, TimeProvider time)
    {
        _ticksPerByte = TimeSpan.TicksPerSecond / (bytesPerSecond ?? double.PositiveInfinity);
        _ticksPerKey = TimeSpan.TicksPerSecond / (keysPerSecond ?? double.PositiveInfinity);
        _time = time;
        _begin = time.GetTimestamp();
    }

    /// <summary>Returns when the writer may send so much.</summary>
    public async ValueTask WaitAsync(long keys, long bytes, CancellationToken cancellationToken)
    {
        TimeSpan wait = Take(keys, bytes);
        if (wait >= ShortestWait)
        {
            await Task.Delay(wait, _time, cancellationToken);
        }
    }

    private TimeSpan Take(long keys, long bytes)
    {
        lock (_lock)
        {
            double now = _time.GetElapsedTime(_begin).Ticks;
            double earliest = now - Burst.Ticks;
            _bytesDue = Math.Max(_bytesDue, earliest);
            _keysDue = Math.Max(_keysDue, earliest);
            double turn = Math.Max(_bytesDue, _keysDue);
            _bytesDue += bytes * _ticksPerByte;
            _keysDue += keys * _ticksPerKey;
            return TimeSpan.FromTicks((long)Math.Max(turn - now, 0));
        }
    }
}
