namespace CacheBackup.Fixtures;

/// <summary>
/// A clock on which every wait is over at once and has taken as long as was asked for, to the tick; it stands still otherwise. What repeats by
/// itself keeps the system's time. For what waits by <c>Task.Delay</c> and measures by timestamps.
/// </summary>
public sealed class LeapingTime : TimeProvider
{
    private long _ticks;

    /// <summary>What was waited for, all together, and leapt over.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Leap(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        bool isWait = dueTime > TimeSpan.Zero && period == Timeout.InfiniteTimeSpan;
        if (isWait)
        {
            Leap(dueTime);
        }

        return System.CreateTimer(callback, state, isWait ? TimeSpan.Zero : dueTime, period);
    }
}
