using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Core.Operations;

/// <summary>
/// One attempt at a cache without cluster mode: from a replica in sync with the node that was registered, else from that node. A scan goes on at the node
/// that it began at, as long as that one serves: cursors are valid there alone.
/// </summary>
internal sealed class PlainShardReading : IShardReading
{
    private readonly ICaches _caches;
    private readonly CacheProbe _primary;
    private readonly bool _isReplica;
    private readonly string _choice;

    private PlainShardReading(ICaches caches, CacheAddress registered, CacheProbe primary, ReplicaChoice choice)
    {
        _caches = caches;
        _primary = primary;
        _isReplica = choice.Node is not null;
        _choice = choice.Reason;
        Address = choice.Node is { } replica ? registered with { Endpoint = replica } : registered;
    }

    public CacheAddress Address { get; }

    public CacheAddress Scanned => Address;

    public SlotSet? Slots => null;

    public string? Subject => null;

    /// <param name="findBegunAsync">Asks where a scan of the shard has begun, as host and port; null: nowhere. Only asked where there is a choice.</param>
    /// <exception cref="CacheUnreachableException">The node that was registered does not answer.</exception>
    public static async Task<PlainShardReading> BeginAsync(
        ServiceParts parts, Cache cache, CacheShard shard, Func<CancellationToken, Task<string?>> findBegunAsync, CancellationToken cancellationToken)
    {
        CacheProbe primary = await parts.Caches.ProbeAsync(shard.Address, cancellationToken);
        string? begun = primary is { IsReplica: false, Replicas.Count: > 0 } ? await findBegunAsync(cancellationToken) : null;
        ReplicaChoice choice = begun == shard.Address.Endpoint.ToString()
            ? new ReplicaChoice(null, "from the primary: the scan is under way there")
            : await ChooseAsync(parts, cache.BackupMethod, shard.Address, primary, begun, cancellationToken);
        return new PlainShardReading(parts.Caches, shard.Address, primary, choice);
    }

    /// <summary>Where a backup that began now would come from.</summary>
    /// <param name="begun">The node that is preferred to all others; null: the one that has come farthest.</param>
    public static async Task<ReplicaChoice> ChooseAsync(
        ServiceParts parts, BackupMethod method, CacheAddress registered, CacheProbe primary, string? begun, CancellationToken cancellationToken)
    {
        if (primary.IsReplica)
        {
            return new ReplicaChoice(null, "from the node that was registered, a replica itself");
        }

        CacheEndpoint[] online =
        [
            .. primary.Replicas.Where(replica => replica.IsOnline && replica.Endpoint != registered.Endpoint)
                .OrderByDescending(replica => replica.Endpoint.ToString() == begun)
                .ThenByDescending(replica => replica.OffsetBytes)
                .ThenBy(replica => replica.Endpoint.ToString(), StringComparer.Ordinal)
                .Select(replica => replica.Endpoint),
        ];

        // Replication comes before scan: a replica that could only be scanned is no match for a primary that hands its data out.
        bool mustReplicate = method == BackupMethod.Replication || (method == BackupMethod.Stream && primary.ReplicationRefusal is null);
        return online is []
            ? new ReplicaChoice(null, primary.Replicas is [] ? "from the primary: it has no replica" : "from the primary: no replica is online")
            : await ReplicaChoice.MakeAsync(
                parts,
                registered,
                primary,
                online,
                probe => probe.ReplicationRefusal is null || (!mustReplicate && probe.ScanRefusal is null) ? null : "hands out no data",
                cancellationToken);
    }

    public async Task<ShardManifest?> EndAsync(ShardManifest? taken, long foreignKeys, CancellationToken cancellationToken)
    {
        if (taken is null)
        {
            // Each slice of a scan looks at what it goes on from by itself.
            return null;
        }

        if (_isReplica)
        {
            await RequireSameReplicaAsync(cancellationToken);
        }

        return taken with { Method = $"{taken.Method}, {_choice}" };
    }

    /// <summary>A node that was promoted or sent elsewhere meanwhile may have other data than the cache.</summary>
    private async Task RequireSameReplicaAsync(CancellationToken cancellationToken)
    {
        CacheProbe now = await _caches.ProbeAsync(Address, cancellationToken);
        if (!now.IsReplica || now.ReplicationId != _primary.ReplicationId)
        {
            throw new TransferCutException(
                $"While its data was taken {Address.Endpoint} {(now.IsReplica ? "began to follow another primary" : "ceased to be a replica")}: a failover, or "
                + "somebody's REPLICAOF. What came from it does not count. Try again.");
        }
    }
}
