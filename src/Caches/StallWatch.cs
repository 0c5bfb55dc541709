namespace CacheBackup.Caches;

/// <summary>
/// Calls back once when one wait lasts longer than the limit. Starting and ending a wait is one write each, so every read
/// and write of a connection can be watched; the timer behind it fires once a limit while nothing is wrong.
/// </summary>
internal sealed class StallWatch : IDisposable
{
    private const long Idle = 0;

    private readonly TimeProvider _time;
    private readonly Action _onStall;
    private readonly ITimer _timer;
    private TimeSpan _limit;
    private long _waitingSince;
    private volatile bool _hasFired;

    public StallWatch(TimeSpan limit, Action onStall, TimeProvider time)
    {
        _time = time;
        _limit = limit;
        _onStall = onStall;
        _timer = time.CreateTimer(static state => ((StallWatch)state!).Check(), this, limit, Timeout.InfiniteTimeSpan);
    }

    public bool HasFired => _hasFired;

    public TimeSpan Limit => _limit;

    public void SetLimit(TimeSpan limit)
    {
        _limit = limit;
        _timer.Change(limit, Timeout.InfiniteTimeSpan);
    }

    // A clock may stand at zero, which means idle here: one tick off does no harm.
    public void Begin() => Volatile.Write(ref _waitingSince, Math.Max(_time.GetTimestamp(), Idle + 1));

    public void End() => Volatile.Write(ref _waitingSince, Idle);

    public void Dispose() => _timer.Dispose();

    private void Check()
    {
        long since = Volatile.Read(ref _waitingSince);
        TimeSpan waited = since == Idle ? TimeSpan.Zero : _time.GetElapsedTime(since);
        if (waited >= _limit)
        {
            _hasFired = true;
            _onStall();
            return;
        }

        _timer.Change(_limit - waited, Timeout.InfiniteTimeSpan);
    }
}
