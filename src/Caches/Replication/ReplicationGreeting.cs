using CacheBackup.Core.Model;

namespace CacheBackup.Caches.Replication;

/// <summary>What a node said before its data set was asked for.</summary>
/// <param name="Engine">Engine family.</param>
/// <param name="Version">The engine's own version.</param>
/// <param name="RunId">The id of the server process.</param>
/// <param name="ServerTime">The node's clock.</param>
/// <param name="ClockOffset">The node's clock minus ours.</param>
/// <param name="IsRdbOnly">The node knows <c>rdb-only</c>: it sends the data set and keeps no replication buffer.</param>
/// <param name="IsInCluster">It runs in cluster mode.</param>
internal sealed record ReplicationGreeting(
    CacheEngine Engine, CacheVersion Version, string RunId, DateTimeOffset ServerTime, TimeSpan ClockOffset, bool IsRdbOnly, bool IsInCluster);
