using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Memcached;

/// <summary>
/// What a Memcached node says of itself at one moment (<c>stats</c> and <c>stats settings</c>; protocol.txt, "Statistics").
/// </summary>
internal sealed record MemcachedServer
{
    /// <summary>The first version whose meta commands are as they are today: ReleaseNotes1610.</summary>
    private static readonly CacheVersion Oldest = new(1, 6, 10);

    public required CacheVersion Version { get; init; }

    /// <summary>Process id and start time: together they name one life of the server.</summary>
    public required string RunId { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>When the answer came, for going on from <see cref="Time"/>.</summary>
    public required long TimestampHere { get; init; }

    /// <summary>Server time minus ours; a second is the server's grain.</summary>
    public required TimeSpan ClockOffset { get; init; }

    /// <summary>Items, expired ones that were not yet removed included.</summary>
    public required long Items { get; init; }

    public required long UsedBytes { get; init; }

    public required long MaxBytes { get; init; }

    public required long MaxItemBytes { get; init; }

    public required long Evictions { get; init; }

    /// <summary>Expired items that were removed: when they were asked for, by the crawler, or for their memory.</summary>
    public required long Expired { get; init; }

    public required long Flushes { get; init; }

    /// <summary>Why its keys cannot be listed; null: they can, as far as it tells.</summary>
    public required string? ListRefusal { get; init; }

    /// <exception cref="CacheProtocolException">It is no Memcached, or too old a one.</exception>
    public static async Task<MemcachedServer> AskAsync(MemcachedConnection connection, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> settings = await connection.StatsAsync("settings", cancellationToken).ConfigureAwait(false);
        IReadOnlyDictionary<string, string> stats = await connection.StatsAsync(null, cancellationToken).ConfigureAwait(false);
        TimeProvider time = connection.Time;
        if (!CacheVersion.TryParse(stats.GetValueOrDefault("version"), out CacheVersion version) || Number(stats, "time") is not > 0)
        {
            throw new CacheProtocolException($"{connection.Endpoint} tells no version or time in its statistics: it is no Memcached.");
        }

        if (version.CompareTo(Oldest) < 0)
        {
            throw new CacheProtocolException($"{connection.Endpoint} is Memcached {version}, whose meta commands are not yet those of {Oldest} and later. Update it.");
        }

        DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(Number(stats, "time"));
        return new MemcachedServer
        {
            Version = version,
            RunId = string.Create(CultureInfo.InvariantCulture, $"{Number(stats, "pid")}-{Number(stats, "time") - Number(stats, "uptime")}"),
            Time = now,
            TimestampHere = time.GetTimestamp(),
            ClockOffset = now - time.GetUtcNow(),
            Items = Number(stats, "curr_items"),
            UsedBytes = Number(stats, "bytes"),
            MaxBytes = Number(stats, "limit_maxbytes"),
            MaxItemBytes = Number(settings, "item_size_max"),
            Evictions = Number(stats, "evictions"),
            Expired = Number(stats, "get_expired") + Number(stats, "reclaimed") + Number(stats, "crawler_reclaimed"),
            Flushes = Number(stats, "cmd_flush"),
            ListRefusal = RefusalOf(settings),
        };
    }

    /// <summary>The node as probes of all engines tell it.</summary>
    public CacheProbe ToProbe() => new()
    {
        Engine = CacheEngine.Memcached,
        Version = Version,
        RunId = RunId,
        ServerTime = Time,
        ClusterEnabled = false,
        IsReplica = false,
        IsLoading = false,
        KeysByDatabase = Items == 0 ? new Dictionary<int, long>() : new Dictionary<int, long> { [0] = Items },
        ExpiringKeysByDatabase = new Dictionary<int, long>(),
        UsedMemoryBytes = UsedBytes,
        MaxMemoryBytes = MaxBytes,
        TotalSystemMemoryBytes = 0,
        MaxItemBytes = MaxItemBytes,
        ReplicationRefusal = "Memcached has no replication.",
        ScanRefusal = ListRefusal,
    };

    /// <summary>What has become of the items that were there at an earlier moment; null: nothing but what becomes of items all the time.</summary>
    /// <param name="runId">At that moment, like <paramref name="flushes"/>.</param>
    public string? FindUpheaval(string runId, long flushes) =>
        RunId != runId ? "is another process than the one whose keys were listed"
        : Flushes > flushes ? "ran flush_all since its keys were listed"
        : null;

    private static string? RefusalOf(IReadOnlyDictionary<string, string> settings) => settings switch
    {
        _ when settings.GetValueOrDefault("lru_crawler") == "no" =>
            "its LRU crawler is off, which alone can list keys: start it without -o no_lru_crawler, or send lru_crawler enable.",
        _ when settings.GetValueOrDefault("dump_enabled") == "no" => "listing keys is forbidden: start it without -X.",
        _ => null,
    };

    private static long Number(IReadOnlyDictionary<string, string> stats, string name) =>
        long.TryParse(stats.GetValueOrDefault(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : 0;
}
