using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Operations;

namespace CacheBackup.Core.Tests.Operations;

/// <summary>A cluster as a test says: every node that is up tells the same of all.</summary>
internal sealed class ScriptedCluster
{
    private readonly ScriptedCaches _caches;

    public ScriptedCluster(ScriptedCaches caches, params (string Id, string Slots)[] primaries)
    {
        _caches = caches;
        _caches.ProbeAt = Probe;
        foreach ((string id, string slots) in primaries)
        {
            Nodes.Add(new ClusterNode
            {
                Id = id,
                Endpoint = new CacheEndpoint(id, 6379),
                ConfigEpoch = Nodes.Count + 1,
                Slots = SlotSet.FromCatalog(slots),
                IsUp = true,
            });
        }
    }

    public List<ClusterNode> Nodes { get; } = [];

    /// <summary>Slots on the move, by the id of the node that tells of them.</summary>
    public Dictionary<string, SlotSet> Moving { get; } = [];

    /// <summary>What a replica's probe says that is not in sync; others say that all is well.</summary>
    public Dictionary<string, Func<CacheProbe, CacheProbe>> Odd { get; } = [];

    public List<string> Asked { get; } = [];

    public static Cache Cache(ServiceParts parts, string host) => new()
    {
        Name = CacheName.Parse("source"),
        Status = CacheStatus.Available,
        CreatedAt = parts.Time.GetUtcNow(),
        Shards = [new CacheShard(1, new CacheAddress { Endpoint = new CacheEndpoint(host, 6379), Username = "backup" })],
        Engine = CacheEngine.Redis,
        EngineVersion = new CacheVersion(7, 0, 15),
        Topology = CacheTopology.ClusterEnabled,
    };

    public void Change(string id, Func<ClusterNode, ClusterNode> change)
    {
        int at = Nodes.FindIndex(node => node.Id == id);
        Nodes[at] = change(Nodes[at]);
    }

    public void AddReplica(string id, string primary) => Nodes.Add(new ClusterNode
    {
        Id = id,
        Endpoint = new CacheEndpoint(id, 6379),
        PrimaryId = primary,
        ConfigEpoch = 1,
        Slots = SlotSet.None,
        IsUp = true,
    });

    public ClusterMap Map(string asked) => new()
    {
        AskedId = asked,
        Nodes = [.. Nodes],
        Moving = Moving.GetValueOrDefault(asked),
    };

    private CacheProbe Probe(CacheAddress address)
    {
        Asked.Add(address.Endpoint.Host);
        ClusterNode node = Nodes.Find(node => node.Endpoint == address.Endpoint && node.IsUp)
            ?? throw new CacheUnreachableException($"{address.Endpoint} is silent.");
        CacheProbe probe = _caches.Probe with
        {
            ClusterEnabled = true,
            Cluster = Map(node.Id),
            IsReplica = node.PrimaryId is not null,
            ReplicationOffsetBytes = 10_000_000,
            PrimarySilence = node.PrimaryId is null ? null : TimeSpan.FromSeconds(1),
        };
        return Odd.GetValueOrDefault(node.Id)?.Invoke(probe) ?? probe;
    }
}
