using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>What a machine needs to wait for a cache of ElastiCache's.</summary>
/// <param name="Id">What ElastiCache calls it.</param>
/// <param name="Seconds">How long to wait before it is looked at again.</param>
/// <param name="Ready">It is available.</param>
public sealed record ManagedCacheOutput(string Id, int Seconds, bool Ready)
{
    internal static ManagedCacheOutput Of(ManagedCacheWait wait) => new(wait.Id, (int)wait.Wait.TotalSeconds, wait.IsReady);
}
