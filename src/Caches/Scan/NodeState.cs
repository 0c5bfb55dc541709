using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Scan;

/// <summary>
/// By what a node shows that it still has the data which a scan has begun to take. A server says so nowhere: what is here tells that it has not, and what
/// is in doubt counts as exchanged. That costs what was taken, and never mixes two data sets.
/// </summary>
/// <param name="RunId">The process.</param>
/// <param name="ReplicationId">Of a replica, the history that it follows. It stays where the history is sent from its beginning again.</param>
/// <param name="Loaded">Of a replica, what was in the last file that it loaded: each full synchronisation loads one. Null where the server does not tell.</param>
/// <param name="Upheavals">See <see cref="ScanGreeting.Upheavals"/>.</param>
/// <param name="Commands">That ran since the counters were set to zero.</param>
/// <param name="Databases">As they were counted.</param>
internal sealed record NodeState(
    string RunId, string? ReplicationId, string? Loaded, long Upheavals, long Commands, IReadOnlyList<ScannedDatabase> Databases)
{
    /// <summary>A data set that has lost more than one key in so many since it was last seen is taken for another.</summary>
    private const int KeysPerLost = 20;

    public static NodeState Of(ScanGreeting greeting) =>
        new(greeting.RunId, greeting.ReplicationId, greeting.Loaded, greeting.Upheavals, greeting.Commands, greeting.Databases);

    public static NodeState Of(ScanPosition position) => new(
        position.RunId, position.ReplicationId, position.Loaded, position.Upheavals, position.Commands ?? 0, position.Counted ?? position.Databases);

    /// <param name="now">As the slice after finds it: the same process, or the one that came in its place.</param>
    /// <exception cref="TransferCutException">It has other data.</exception>
    public void RequireSameData(CacheEndpoint endpoint, NodeState now)
    {
        string? lost = FindLost(now);
        string? what = now.RunId != RunId
            ? lost is null ? null : $"is another process than the one that was scanned, and has lost keys ({lost})"
            : WhatHappened(now) ?? (lost is not null && MustBeCounted(now) ? $"may have been emptied since it was last scanned ({lost})" : null);
        if (what is not null)
        {
            throw new TransferCutException($"{endpoint} {what}: what was taken is no longer the cache's data. The next attempt begins anew.")
            {
                IsOfExchangedData = true,
            };
        }
    }

    /// <summary>Within one process.</summary>
    private string? WhatHappened(NodeState now) => now switch
    {
        _ when now.ReplicationId != ReplicationId => "was promoted, or follows another primary, since the scan began",
        _ when now.Loaded != Loaded => "was sent its primary's data anew since the scan began",
        _ when now.Upheavals > (IsSetBack(now) ? 0 : Upheavals) => "ran FLUSHALL, FLUSHDB, SWAPDB or REPLICAOF during the scan",
        _ => null,
    };

    /// <summary>By CONFIG RESETSTAT: what had been counted until then is not known.</summary>
    private bool IsSetBack(NodeState now) => now.Commands < Commands || now.Upheavals < Upheavals;

    /// <summary>Whether the data could have been exchanged and nothing but the number of keys would tell: of a primary with its counters each DEL is its users'.</summary>
    private bool MustBeCounted(NodeState now) => IsSetBack(now) || (ReplicationId is not null && Loaded is null);

    /// <returns>Of the first database that has lost too many; null: none has.</returns>
    private string? FindLost(NodeState now)
    {
        foreach (ScannedDatabase before in Databases)
        {
            long left = now.Databases.FirstOrDefault(database => database.Number == before.Number)?.Keys ?? 0;
            if (before.Keys - left > before.Keys / KeysPerLost)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{left:N0} of {before.Keys:N0} in database {before.Number} are left");
            }
        }

        return null;
    }
}
