namespace CacheBackup.Local.StateMachines.Running;

/// <summary>Waits for a moment on an injected clock.</summary>
internal static class ClockDelay
{
    // A timer holds at most 49.7 days; a Wait may take three years. Looking at the clock again also follows one that was set.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    public static async Task UntilAsync(this TimeProvider clock, DateTimeOffset moment, CancellationToken cancellationToken)
    {
        while (moment - clock.GetUtcNow() is { Ticks: > 0 } left)
        {
            await Task.Delay(left < LongestTimer ? left : LongestTimer, clock, cancellationToken);
        }
    }
}
