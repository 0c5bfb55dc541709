namespace CacheBackup.Local.Terminal;

/// <summary>How fast something goes at present: the mean over the last seconds, so that a start or a stall is not dragged along for ever.</summary>
internal sealed class ProgressSpeed(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(8);
    private readonly Queue<(long At, long Amount)> _samples = new();

    /// <summary>Takes note of how far it has come; returns how much a second, 0 where that cannot be said yet.</summary>
    public double Sample(long amount)
    {
        long now = time.GetTimestamp();
        while (_samples.Count > 1 && time.GetElapsedTime(_samples.Peek().At, now) > Window)
        {
            _samples.Dequeue();
        }

        _samples.Enqueue((now, amount));
        (long at, long before) = _samples.Peek();
        double seconds = time.GetElapsedTime(at, now).TotalSeconds;
        return seconds > 0 ? Math.Max(0, amount - before) / seconds : 0;
    }
}
