using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Probe;

/// <summary>
/// Asks a node what it is, over one connection, with commands that change nothing. The least ACL is <c>+info +time</c>; what else the user may ask
/// (<c>+function|list +command|info +acl|whoami +acl|dryrun</c>) is told, and what not stays unknown. A node of a cluster needs <c>+cluster|nodes</c> too.
/// </summary>
internal static class CacheProber
{
    /// <exception cref="CacheAccessDeniedException">INFO or TIME is not allowed.</exception>
    /// <exception cref="CacheProtocolException">What answers is no cache of a supported engine.</exception>
    /// <exception cref="CacheUnreachableException">The connection was lost.</exception>
    public static async Task<CacheProbe> ProbeAsync(RespConnection connection, CancellationToken cancellationToken)
    {
        connection.Write(new RespCommand("INFO"));
        connection.Write(new RespCommand("FUNCTION LIST"));
        connection.Write(new RespCommand("TIME"));
        await connection.FlushAsync(cancellationToken).ConfigureAwait(false);
        RespReply infoReply = await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false);
        RespReply functions = await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false);
        RespReply timeReply = await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false);
        if (!infoReply.TryGetText(out string text))
        {
            throw connection.Refusal("INFO", infoReply);
        }

        if (!ServerClock.TryParse(timeReply, out DateTimeOffset time))
        {
            throw connection.Refusal("TIME", timeReply);
        }

        string? refusal = await ReplicationRights.FindRefusalAsync(connection, cancellationToken).ConfigureAwait(false);
        ServerInfo info = ServerInfo.Parse(text);
        string? scanRefusal = refusal is null
            ? null
            : await ScanRights.FindRefusalAsync(connection, info.Engine == CacheEngine.Valkey || info.Version is { Major: >= 7 }, cancellationToken).ConfigureAwait(false);
        CacheProbe probe = Describe(connection, info, time, functions) with { ReplicationRefusal = refusal, ScanRefusal = scanRefusal };
        return probe.ClusterEnabled
            ? probe with
            {
                Cluster = await ClusterQuestions.ReadMapAsync(connection, probe.Engine, probe.Version, cancellationToken).ConfigureAwait(false),
                ClusterDatabases = await ClusterQuestions.CountDatabasesAsync(connection, probe.Engine, probe.Version, cancellationToken).ConfigureAwait(false),
            }
            : probe;
    }

    private static CacheProbe Describe(
        RespConnection connection, ServerInfo info, DateTimeOffset time, in RespReply functions)
    {
        if (info.Version is not { } version || info.RunId is not { } runId)
        {
            throw new CacheProtocolException($"{connection.Endpoint} tells no version or run id in INFO: it is no cache of a supported engine.");
        }

        bool isReplica = info["role"] == "slave";
        var keys = new Dictionary<int, long>();
        var expiring = new Dictionary<int, long>();
        foreach ((int database, long all, long withExpiry) in info.Databases)
        {
            keys.Add(database, all);
            expiring.Add(database, withExpiry);
        }

        return new CacheProbe
        {
            Engine = info.Engine,
            Version = version,
            RunId = runId,
            ServerTime = time,
            ClusterEnabled = info.Flag("cluster_enabled"),
            IsReplica = isReplica,
            ReplicationOffsetBytes = info.Number(isReplica ? "slave_repl_offset" : "master_repl_offset"),
            PrimarySilence = isReplica ? TimeSpan.FromSeconds(Math.Max(0, info.Number("master_last_io_seconds_ago"))) : null,
            ReplicationId = info["master_replid"],
            Replicas = [.. info.Replicas],
            IsLoading = info.Flag("loading") || info.Flag("async_loading") || (isReplica && info["master_link_status"] != "up"),
            KeysByDatabase = keys,
            ExpiringKeysByDatabase = expiring,
            FunctionLibraries = functions.TryGetItems(out ReadOnlyMemory<RespReply> libraries) ? libraries.Length : null,
            UsedMemoryBytes = info.Number("used_memory"),
            MaxMemoryBytes = info.Number("maxmemory"),
            TotalSystemMemoryBytes = info.Number("total_system_memory"),
            HasModules = info.HasModules,
        };
    }
}
