using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Scan;

/// <summary>What a node says of itself before a scan and after it.</summary>
internal sealed record ScanGreeting
{
    private static readonly string[] UpheavingCommands = ["flushall", "flushdb", "swapdb", "replicaof", "slaveof", "failover"];

    public required CacheEngine Engine { get; init; }

    public required CacheVersion Version { get; init; }

    public required string RunId { get; init; }

    /// <summary>
    /// Of a replica: what names the history that it follows. Null of a primary, which takes another name without harm when its first replica comes.
    /// </summary>
    public required string? ReplicationId { get; init; }

    /// <summary>Of a replica, keys in the last file that it loaded, and those that had expired. Null of a primary, and before 7.0.</summary>
    public required string? Loaded { get; init; }

    /// <summary>Keys and keys with an expiry of every database that holds any, by number.</summary>
    public required IReadOnlyList<ScannedDatabase> Databases { get; init; }

    public required DateTimeOffset ServerTime { get; init; }

    /// <summary>The node's clock minus ours.</summary>
    public required TimeSpan ClockOffset { get; init; }

    /// <summary>What the server keeps of a key's use: that goes into its files, and no other.</summary>
    public required AccessKind Access { get; init; }

    public required bool IsInCluster { get; init; }

    public required long UsedMemoryBytes { get; init; }

    public required long ExpiredKeys { get; init; }

    public required long EvictedKeys { get; init; }

    /// <summary>How often FLUSHALL, FLUSHDB and SWAPDB ran, and what makes the node copy another's data.</summary>
    public required long Upheavals { get; init; }

    /// <summary>That ran since the process began, or since CONFIG RESETSTAT.</summary>
    public required long Commands { get; init; }

    public long Keys => Databases.Sum(database => database.Keys);

    /// <summary>PEXPIRETIME and FUNCTION came with Redis 7.0; every Valkey has them.</summary>
    public bool HasSevensCommands => Engine == CacheEngine.Valkey || Version.CompareTo(new CacheVersion(7, 0, 0)) >= 0;

    /// <summary>CLIENT NO-TOUCH came with Redis 7.2; every Valkey has it.</summary>
    public bool HasNoTouch => Engine == CacheEngine.Valkey || Version.CompareTo(new CacheVersion(7, 2, 0)) >= 0;

    /// <summary>Expiries of a hash's fields came with Redis 7.4 and Valkey 9.</summary>
    public bool HasFieldExpiries => Version.CompareTo(Engine == CacheEngine.Valkey ? new CacheVersion(9, 0, 0) : new CacheVersion(7, 4, 0)) >= 0;

    /// <summary>The version of the files, and of the payloads of DUMP, that such a server writes. (RDB_VERSION in rdb.h of each release.)</summary>
    public RdbVersion UsualRdbVersion => Engine == CacheEngine.Valkey
        ? Version.Major >= 9 ? new RdbVersion(RdbMagic.Valkey, RdbVersion.OldestValkey) : new RdbVersion(RdbMagic.Redis, 11)
        : new RdbVersion(RdbMagic.Redis, (Version.Major, Version.Minor) switch
        {
            ( < 5, _) => 8,
            ( < 7, _) => 9,
            (7, < 2) => 10,
            (7, < 4) => 11,
            _ => RdbVersion.NewestRedis,
        });

    /// <summary>How far a counter has come since; where it was set back, what it has counted from then on.</summary>
    public static long Since(long before, long after) => after >= before ? after - before : after;

    /// <exception cref="CacheProtocolException">It is no cache of a supported engine.</exception>
    /// <exception cref="CacheLoadingException">Its data are not whole at this moment.</exception>
    public static async Task<ScanGreeting> AskAsync(RespConnection connection, CancellationToken cancellationToken)
    {
        ServerInfo info = await InfoAsync(connection, new RespCommand("INFO"), cancellationToken).ConfigureAwait(false);
        ServerInfo commands = await InfoAsync(connection, new RespCommand("INFO", "commandstats"), cancellationToken).ConfigureAwait(false);
        DateTimeOffset before = connection.Time.GetUtcNow();
        RespReply timeReply = await connection.SendAsync(new RespCommand("TIME"), cancellationToken).ConfigureAwait(false);
        DateTimeOffset middle = before + ((connection.Time.GetUtcNow() - before) / 2);
        if (!ServerClock.TryParse(timeReply, out DateTimeOffset serverTime))
        {
            throw connection.Refusal("TIME", timeReply);
        }

        if (info.Version is not { } version || info.RunId is not { } runId)
        {
            throw new CacheProtocolException($"{connection.Endpoint} tells no version or run id in INFO: it is no cache that can be scanned.");
        }

        Require(connection, info);
        bool isReplica = info["role"] == "slave";
        return new ScanGreeting
        {
            Engine = info.Engine,
            Version = version,
            RunId = runId,
            ReplicationId = isReplica ? info["master_replid"] : null,
            Loaded = isReplica && info["rdb_last_load_keys_loaded"] is { } loaded ? $"{loaded}/{info["rdb_last_load_keys_expired"]}" : null,
            Databases = [.. info.Databases.OrderBy(d => d.Number).Select(d => new ScannedDatabase(d.Number, d.Keys, d.Expiring))],
            ServerTime = serverTime,
            ClockOffset = serverTime - middle,
            Access = AccessOf(info["maxmemory_policy"]),
            IsInCluster = info.Flag("cluster_enabled"),
            UsedMemoryBytes = info.Number("used_memory"),
            ExpiredKeys = info.Number("expired_keys"),
            EvictedKeys = info.Number("evicted_keys"),
            Upheavals = UpheavingCommands.Sum(commands.Calls),
            Commands = info.Number("total_commands_processed"),
        };
    }

    private static void Require(RespConnection connection, ServerInfo info)
    {
        bool hasNoPrimary = info["role"] == "slave" && info["master_link_status"] != "up";
        if (info.Flag("loading") || info.Flag("async_loading") || hasNoPrimary)
        {
            throw new CacheLoadingException(
                $"{connection.Endpoint} is loading its data set, or is a replica whose link to its primary is down. Try again when it is whole.");
        }
    }

    private static AccessKind AccessOf(string? policy) => policy switch
    {
        "allkeys-lfu" or "volatile-lfu" => AccessKind.Frequency,
        "allkeys-lru" or "volatile-lru" => AccessKind.Idle,
        _ => AccessKind.None,
    };

    private static async Task<ServerInfo> InfoAsync(RespConnection connection, RespCommand command, CancellationToken cancellationToken)
    {
        RespReply reply = await connection.SendAsync(command, cancellationToken).ConfigureAwait(false);
        return reply.TryGetText(out string text) ? ServerInfo.Parse(text) : throw connection.Refusal(command.Name, reply);
    }
}
