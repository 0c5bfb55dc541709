namespace CacheBackup.Fixtures;

/// <summary>A clock on which every wait is a thousandth of what was asked for: for pauses between retries that a test need not sit out.</summary>
public sealed class HurriedTime : TimeProvider
{
    public static HurriedTime Instance { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / 1_000 : dueTime, period);
}
