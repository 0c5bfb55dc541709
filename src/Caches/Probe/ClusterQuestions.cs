using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Probe;

/// <summary>What a node of a cluster is asked about it. The least ACL: <c>+cluster|nodes</c>, and on Valkey 9 <c>+cluster|getslotmigrations</c>.</summary>
internal static class ClusterQuestions
{
    private static readonly CacheVersion Nine = new(9, 0, 0);

    /// <exception cref="CacheAccessDeniedException">The user may not ask.</exception>
    /// <exception cref="CacheProtocolException">What it answers is no cluster's map.</exception>
    public static async Task<ClusterMap> ReadMapAsync(
        RespConnection connection, CacheEngine engine, CacheVersion version, CancellationToken cancellationToken)
    {
        RespReply reply = await connection.SendAsync(new RespCommand("CLUSTER NODES"), cancellationToken).ConfigureAwait(false);
        if (!reply.TryGetText(out string text))
        {
            throw connection.Refusal("CLUSTER NODES", reply);
        }

        ClusterMap map = ClusterNodesText.Parse(text, connection.Endpoint);
        if (engine != CacheEngine.Valkey || version.CompareTo(Nine) < 0)
        {
            return map;
        }

        // Slots that move as a whole (Valkey 9) are not marked in CLUSTER NODES.
        RespReply migrations = await connection.SendAsync(new RespCommand("CLUSTER GETSLOTMIGRATIONS"), cancellationToken).ConfigureAwait(false);
        return migrations.TryGetItems(out ReadOnlyMemory<RespReply> jobs)
            ? map with { Moving = Union(map.Moving, jobs) }
            : throw connection.Refusal("CLUSTER GETSLOTMIGRATIONS", migrations);
    }

    /// <summary>One, but on Valkey 9, which can be told to have more; a user who may not ask is answered with one.</summary>
    public static async Task<int> CountDatabasesAsync(
        RespConnection connection, CacheEngine engine, CacheVersion version, CancellationToken cancellationToken)
    {
        if (engine != CacheEngine.Valkey || version.CompareTo(Nine) < 0)
        {
            return 1;
        }

        RespReply reply = await connection.SendAsync(new RespCommand("CONFIG GET", "cluster-databases"), cancellationToken).ConfigureAwait(false);
        return reply.TryGetItems(out ReadOnlyMemory<RespReply> pair) && pair.Length == 2 && pair.Span[1].TryGetNumber(out long count)
            ? (int)Math.Clamp(count, 1, int.MaxValue)
            : 1;
    }

    private static SlotSet Union(SlotSet marks, ReadOnlyMemory<RespReply> jobs)
    {
        string slots = marks.Value;
        foreach (RespReply job in jobs.Span)
        {
            if (Field(job, "state") is not ("success" or "failed" or "cancelled") && Field(job, "slot_ranges") is { } ranges)
            {
                slots = string.Create(CultureInfo.InvariantCulture, $"{slots},{ranges.Replace(' ', ',')}");
            }
        }

        return SlotSet.FromCatalog(slots);
    }

    private static string? Field(in RespReply job, string name)
    {
        if (job.TryGetItems(out ReadOnlyMemory<RespReply> fields))
        {
            for (int i = 0; i + 1 < fields.Length; i += 2)
            {
                if (fields.Span[i].TryGetText(out string key) && key == name && fields.Span[i + 1].TryGetText(out string value))
                {
                    return value;
                }
            }
        }

        return null;
    }
}
