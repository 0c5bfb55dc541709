using CacheBackup.Local.StateMachines.Language;

namespace CacheBackup.Local.StateMachines.Running;

/// <summary>
/// The retriers of one visit to a state, each with its own count. The first whose errors match decides: if it is used up, none is tried
/// after it.
/// </summary>
internal sealed class RetryPolicy(IReadOnlyList<Retrier> retriers, Func<double> jitter)
{
    private readonly int[] _used = new int[retriers.Count];

    /// <summary>How long to wait before the next attempt; null if there is none.</summary>
    public TimeSpan? NextDelay(string error)
    {
        for (int i = 0; i < retriers.Count; i++)
        {
            if (retriers[i].Errors.Match(error))
            {
                return _used[i] < retriers[i].MaxAttempts ? retriers[i].Delay(_used[i]++, jitter) : null;
            }
        }

        return null;
    }
}
