using System.Globalization;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>What a machine needs to wait for a cache of ElastiCache's.</summary>
/// <param name="Id">What ElastiCache calls it.</param>
/// <param name="LookAgainAt">When it is to be looked at with all its nodes: UTC, as RFC 3339 has it.</param>
/// <param name="Ready">It is available.</param>
public sealed record ManagedCacheOutput(string Id, string LookAgainAt, bool Ready)
{
    internal static ManagedCacheOutput Of(ManagedCacheWait wait) => new(
        wait.Id, wait.LookAgainAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), wait.IsReady);
}
