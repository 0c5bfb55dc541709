using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Local.Tests.StateMachines.Support;

/// <summary>A clock that a test turns: it knows its timers, and can be turned to the next one.</summary>
internal sealed class TurnedClock : FakeTimeProvider
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];

    public TurnedClock()
        : base(Noon)
    {
    }

    public TurnedClock(DateTimeOffset now)
        : base(now)
    {
    }

    public TimeSpan Elapsed => GetUtcNow() - Noon;

    public int PendingTimers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count(timer => timer.Due is not null);
            }
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        timer.Due = DueAt(dueTime);
        timer.Inner = base.CreateTimer(timer.Fire, null, dueTime, period);
        return timer;
    }

    /// <summary>Turns the clock to when the next timer rings; false if none is set.</summary>
    public bool TryTurnToNextTimer()
    {
        DateTimeOffset? next;
        lock (_gate)
        {
            next = _timers.Min(timer => timer.Due);
        }

        if (next is not { } due)
        {
            return false;
        }

        Advance(due > GetUtcNow() ? due - GetUtcNow() : TimeSpan.Zero);
        return true;
    }

    private DateTimeOffset? DueAt(TimeSpan dueTime) => dueTime == Timeout.InfiniteTimeSpan ? null : GetUtcNow() + dueTime;

    private sealed class Timer(TurnedClock clock, TimerCallback callback, object? state) : ITimer
    {
        public ITimer? Inner { get; set; }

        public DateTimeOffset? Due { get; set; }

        public void Fire(object? unused)
        {
            Due = null;
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = clock.DueAt(dueTime);
            return Inner!.Change(dueTime, period);
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
            }

            Inner!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
