namespace CacheBackup.Local.StateMachines.Running;

/// <summary>Cancelling work that others wrote.</summary>
internal static class Cancellation
{
    /// <summary>
    /// Cancels at once, on this thread, so that what is cancelled has been told when this returns. What a listener throws is left to the
    /// work that it belongs to, which is being given up.
    /// </summary>
    public static void Signal(this CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (AggregateException)
        {
            // Every listener was told; that one of them failed changes nothing here.
        }
    }
}
