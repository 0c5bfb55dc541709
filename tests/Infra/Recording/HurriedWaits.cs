namespace CacheBackup.Infra.Tests.Recording;

/// <summary>A clock on which a wait of up to a minute is over at once: states that wait for ElastiCache, and retries. Time-outs are longer, and real.</summary>
internal sealed class HurriedWaits : TimeProvider
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(61);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime > TimeSpan.Zero && dueTime < LongestWait ? dueTime / 1_000 : dueTime, period);
}
