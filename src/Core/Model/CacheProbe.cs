namespace CacheBackup.Core.Model;

/// <summary>What a cache node says of itself, at one moment.</summary>
public sealed record CacheProbe
{
    public required CacheEngine Engine { get; init; }

    public required CacheVersion Version { get; init; }

    /// <summary>The server process's own id; it changes with every start.</summary>
    public required string RunId { get; init; }

    /// <summary>The server's clock (<c>TIME</c>), millisecond precision.</summary>
    public required DateTimeOffset ServerTime { get; init; }

    public required bool ClusterEnabled { get; init; }

    public required bool IsReplica { get; init; }

    /// <summary>The server is loading, or its link to its primary is down: its data cannot be taken yet.</summary>
    public required bool IsLoading { get; init; }

    /// <summary>The cluster as the node sees it; null without cluster mode.</summary>
    public ClusterMap? Cluster { get; init; }

    /// <summary>Databases that the node has in cluster mode: 1, or <c>cluster-databases</c> (Valkey 9). Null without cluster mode.</summary>
    public int? ClusterDatabases { get; init; }

    /// <summary>How far the node's copy has come, in bytes of its primary's stream of commands.</summary>
    public long ReplicationOffsetBytes { get; init; }

    /// <summary>Of a replica: since when its primary has been silent. Null: a primary, or not told.</summary>
    public TimeSpan? PrimarySilence { get; init; }

    /// <summary>The name of the history that the node writes or copies (<c>master_replid</c>): a replica in touch has its primary's. Null: not told.</summary>
    public string? ReplicationId { get; init; }

    /// <summary>The replicas that copy from this node directly, as it tells of them.</summary>
    public IReadOnlyList<ReplicaLink> Replicas { get; init; } = [];

    /// <summary>Keys for each database that holds any, expired ones that are not yet reaped included (DBSIZE).</summary>
    public required IReadOnlyDictionary<int, long> KeysByDatabase { get; init; }

    /// <summary>Of those, keys that carry an expiry.</summary>
    public required IReadOnlyDictionary<int, long> ExpiringKeysByDatabase { get; init; }

    /// <summary>Function libraries (<c>FUNCTION LIST</c>); null where the server has no functions or does not tell.</summary>
    public int? FunctionLibraries { get; init; }

    public required long UsedMemoryBytes { get; init; }

    /// <summary>0: no limit.</summary>
    public required long MaxMemoryBytes { get; init; }

    public required long TotalSystemMemoryBytes { get; init; }

    /// <summary>A module is loaded.</summary>
    public bool HasModules { get; init; }

    /// <summary>The largest item that Memcached takes, its header included (<c>-I</c>); null for other engines.</summary>
    public long? MaxItemBytes { get; init; }

    /// <summary>Why replication cannot be used as far as the probe can tell (ACL, unknown command), null if it can.</summary>
    public string? ReplicationRefusal { get; init; }

    /// <summary>Why keys cannot be scanned as far as the probe can tell; null if they can, or if replication is to be had.</summary>
    public string? ScanRefusal { get; init; }
}
