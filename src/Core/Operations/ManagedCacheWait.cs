using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>How the machine waits for a cache of ElastiCache's.</summary>
/// <param name="Id">What ElastiCache calls it.</param>
/// <param name="Wait">How long to wait before it is looked at again: 1 to 30 minutes, whole seconds.</param>
/// <param name="IsReady">It is available.</param>
public sealed record ManagedCacheWait(string Id, TimeSpan Wait, bool IsReady)
{
    /// <summary>From the beginning of the restore. No cache that is still to come takes longer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>Right after it was asked for, a Describe may not show it yet.</summary>
    internal static readonly TimeSpan UntilShown = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(30);

    /// <summary>A tenth of the time that has passed: who waits a day looks some seventy times, and not every minute.</summary>
    internal static ManagedCacheWait After(CacheName name, TimeSpan waited)
    {
        TimeSpan tenth = TimeSpan.FromSeconds(Math.Floor(waited.TotalSeconds / 10));
        return new ManagedCacheWait(name.Value, tenth < Shortest ? Shortest : tenth > LongestWait ? LongestWait : tenth, IsReady: false);
    }
}
