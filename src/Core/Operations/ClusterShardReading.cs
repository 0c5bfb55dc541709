using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Core.Operations;

/// <summary>
/// One attempt at a shard of a cluster: where its data is to come from, and whether the shard was the same all the while. Asked before the transfer
/// and after it; what changed in between makes the file worthless.
/// </summary>
internal sealed class ClusterShardReading : IShardReading
{
    private const string OfScan = "from the primary: a scan goes there";

    private readonly ICaches _caches;
    private readonly Cache _cache;
    private readonly ClusterNode _owner;
    private readonly CacheEndpoint _node;
    private readonly string _choice;

    private ClusterShardReading(ICaches caches, Cache cache, ClusterNode owner, CacheEndpoint node, string choice)
    {
        _caches = caches;
        _cache = cache;
        _owner = owner;
        _node = node;
        _choice = choice;
    }

    public CacheAddress Address => ClusterSurvey.LoginOf(_cache) with { Endpoint = _node };

    public CacheAddress Scanned => ClusterSurvey.LoginOf(_cache) with { Endpoint = _owner.Endpoint };

    public SlotSet? Slots => _owner.Slots;

    public string? Subject => string.Create(CultureInfo.InvariantCulture, $"{_owner.Id} {_owner.ConfigEpoch} {_owner.Slots}");

    /// <summary>Finds the shard by its slots and the node to take it from: a replica in sync for replication, else the primary.</summary>
    /// <exception cref="ClusterUnsettledException">Slots of the shard are on the move, or nobody serves them.</exception>
    /// <exception cref="CacheUnreachableException">No node answers.</exception>
    public static async Task<ClusterShardReading> BeginAsync(ServiceParts parts, Cache cache, CacheShard shard, CancellationToken cancellationToken)
    {
        ICaches caches = parts.Caches;
        (CacheProbe probe, ClusterNode owner) = await OwnerAsync(caches, cache, shard.Slots ?? SlotSet.None, shard.Address.Endpoint, cancellationToken);
        if (cache.BackupMethod == BackupMethod.Scan || probe.ReplicationRefusal is not null)
        {
            return new ClusterShardReading(caches, cache, owner, owner.Endpoint, OfScan);
        }

        IReadOnlyList<ClusterNode> replicas = probe.Cluster!.ReplicasOf(owner);
        ReplicaChoice choice = replicas.Count == 0
            ? new ReplicaChoice(null, "from the primary: no replica is up")
            : await ReplicaChoice.MakeAsync(
                parts,
                ClusterSurvey.LoginOf(cache),
                probe,
                [.. replicas.Select(replica => replica.Endpoint)],
                replica => replica.ReplicationRefusal is null ? null : "hands out no data",
                cancellationToken);
        return new ClusterShardReading(caches, cache, owner, choice.Node ?? owner.Endpoint, choice.Reason);
    }

    /// <summary>A file that another attempt has taken still stands for the shard.</summary>
    public bool IsOf(ShardManifest taken) => SurveyCluster.IsOf(taken, _owner);

    /// <exception cref="ClusterUnsettledException">Its slots, its primary or its config epoch changed, or a slot is on the move.</exception>
    public async Task<ShardManifest?> EndAsync(ShardManifest? taken, long foreignKeys, CancellationToken cancellationToken)
    {
        (_, ClusterNode owner) = await OwnerAsync(_caches, _cache, _owner.Slots, _owner.Endpoint, cancellationToken);
        if (owner.Id != _owner.Id || owner.Slots != _owner.Slots || owner.ConfigEpoch != _owner.ConfigEpoch)
        {
            throw new ClusterUnsettledException(
                $"While a shard was taken its slots {ClusterSurvey.Shown(_owner.Slots)} at {_owner.Endpoint} (epoch {_owner.ConfigEpoch}) became "
                + $"{ClusterSurvey.Shown(owner.Slots)} at {owner.Endpoint} (epoch {owner.ConfigEpoch}): a failover or a resharding. The shard is to be taken anew.");
        }

        bool isScanned = taken?.Scan is not null;
        return taken is null ? null : taken with
        {
            Method = $"{taken.Method}, {(isScanned ? OfScan : _choice)}",
            Cluster = new ShardCluster(_owner.Slots, _owner.ConfigEpoch, _owner.Endpoint, isScanned ? _owner.Endpoint : _node)
            {
                ForeignKeys = foreignKeys > 0 ? foreignKeys : null,
            },
        };
    }

    /// <summary>The primary of the slots, by its own word: only it knows which of its slots are on the move.</summary>
    private static async Task<(CacheProbe Probe, ClusterNode Owner)> OwnerAsync(
        ICaches caches, Cache cache, SlotSet slots, CacheEndpoint first, CancellationToken cancellationToken)
    {
        ClusterMap map = await ClusterSurvey.AskAsync(caches, cache, first, cancellationToken);
        if (map.OwnerOf(slots) is not { IsUp: true } found)
        {
            throw new ClusterUnsettledException(
                $"Nobody serves slots {ClusterSurvey.Shown(slots)} of cluster {cache.Name} at this moment. Wait for the failover, or mend the cluster.");
        }

        CacheProbe probe = await caches.ProbeAsync(ClusterSurvey.LoginOf(cache) with { Endpoint = found.Endpoint }, cancellationToken);
        if (probe.Cluster is not { } own || own.AskedId != found.Id || own.OwnerOf(slots) is not { } owner || owner.Id != found.Id)
        {
            throw new ClusterUnsettledException($"{found.Endpoint} is no longer the primary of slots {ClusterSurvey.Shown(slots)} of cluster {cache.Name}.");
        }

        return own.Moving.IsEmpty
            ? (probe, owner)
            : throw new ClusterUnsettledException(
                $"Slot(s) {ClusterSurvey.Shown(own.Moving)} of cluster {cache.Name} are on their way to or from {found.Endpoint}: a key may be on both sides, or on "
                + "none. Finish the migration, or end it with CLUSTER SETSLOT … STABLE.");
    }
}
