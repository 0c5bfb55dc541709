using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>How the machine waits for a cache of ElastiCache's.</summary>
/// <param name="Id">What ElastiCache calls it.</param>
/// <param name="LookAgainAt">Until then a state that passes is only waited on; then the cache is looked at with all its nodes.</param>
/// <param name="IsReady">It is available.</param>
public sealed record ManagedCacheWait(string Id, DateTimeOffset LookAgainAt, bool IsReady)
{
    /// <summary>A node can fail while its cluster says that it is being created.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    /// <summary>From the beginning of the restore. No cache that is still to come takes longer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    internal static ManagedCacheWait Until(CacheName name, DateTimeOffset now) => new(name.Value, now + Patience, IsReady: false);
}
