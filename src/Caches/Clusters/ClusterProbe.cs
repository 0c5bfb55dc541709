using System.Security.Cryptography;
using System.Text;
using CacheBackup.Core.Model;

namespace CacheBackup.Caches.Clusters;

/// <summary>What the primaries of a cluster say of themselves, as of one cache.</summary>
internal static class ClusterProbe
{
    /// <param name="map">As the first node that was asked sees the cluster.</param>
    /// <param name="primaries">One of each shard.</param>
    public static CacheProbe Sum(ClusterMap map, IReadOnlyList<CacheProbe> primaries) => primaries.MinBy(probe => probe.Version)! with
    {
        RunId = RunIdOf(primaries),
        ServerTime = primaries.Max(probe => probe.ServerTime),
        Cluster = map with { Moving = Union([.. primaries.Select(probe => probe.Cluster?.Moving ?? SlotSet.None)]) },
        ClusterDatabases = primaries.Min(probe => probe.ClusterDatabases ?? 1),
        KeysByDatabase = Sum(primaries.Select(probe => probe.KeysByDatabase)),
        ExpiringKeysByDatabase = Sum(primaries.Select(probe => probe.ExpiringKeysByDatabase)),
        FunctionLibraries = primaries.Max(probe => probe.FunctionLibraries),
        UsedMemoryBytes = primaries.Sum(probe => probe.UsedMemoryBytes),

        // One without a limit takes what comes: then there is none to compare with.
        MaxMemoryBytes = primaries.Any(probe => probe.MaxMemoryBytes == 0) ? 0 : primaries.Sum(probe => probe.MaxMemoryBytes),
        TotalSystemMemoryBytes = primaries.Sum(probe => probe.TotalSystemMemoryBytes),
        HasModules = primaries.All(probe => probe.HasModules),
        IsReplica = primaries.Any(probe => probe.IsReplica),
        IsLoading = primaries.Any(probe => probe.IsLoading),
    };

    /// <summary>Another one as soon as one of the primaries is another process.</summary>
    private static string RunIdOf(IReadOnlyList<CacheProbe> primaries)
    {
        string all = string.Join(' ', primaries.Select(probe => probe.RunId).Order(StringComparer.Ordinal));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(all)).AsSpan(0, 20));
    }

    private static SlotSet Union(IReadOnlyList<SlotSet> sets) => SlotSet.FromCatalog(string.Join(',', sets.Select(set => set.Value)));

    private static Dictionary<int, long> Sum(IEnumerable<IReadOnlyDictionary<int, long>> counts) =>
        counts.SelectMany(count => count).GroupBy(database => database.Key).ToDictionary(group => group.Key, group => group.Sum(database => database.Value));
}
