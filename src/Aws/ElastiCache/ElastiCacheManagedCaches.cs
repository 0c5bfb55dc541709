using System.Globalization;
using System.Xml.Linq;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;

namespace CacheBackup.Aws.ElastiCache;

/// <summary>
/// New caches of ElastiCache, filled from the exchange bucket. Self-designed ones are always replication groups, with encryption in transit
/// and at rest; serverless ones are encrypted whatever one asks.
/// </summary>
/// <param name="client">ElastiCache in the stack's Region.</param>
/// <param name="exchangeBucket">The name of the bucket that the staged files lie in; it is in the same Region.</param>
/// <param name="subnets">Of serverless caches whose restore names none; empty: ElastiCache takes those of the default VPC.</param>
public sealed class ElastiCacheManagedCaches(ElastiCacheClient client, string exchangeBucket, IReadOnlyList<string> subnets) : IManagedCaches
{
    private const int NodesAtOnce = 4;
    private const int MaxCauseLength = 600;
    private const int EventMinutes = 24 * 60;

    // ElastiCache does not list the tags of what is still being made.
    private static readonly string[] NotYet =
        ["InvalidReplicationGroupStateFault", "InvalidServerlessCacheStateFault", "InvalidCacheClusterStateFault", "CacheClusterNotFoundFault"];

    public void RequireAvailable(CacheName name)
    {
        // In AWS there is an ElastiCache.
    }

    public async Task<bool> TryRequestAsync(ManagedCacheRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await (request.Target.SelfDesigned is { } cluster
                ? (Task)client.CreateReplicationGroupAsync(GroupOf(request, cluster), cancellationToken)
                : client.CreateServerlessCacheAsync(ServerlessOf(request), cancellationToken));
            return true;
        }
        catch (ElastiCacheException e) when (e.Shape is "ReplicationGroupAlreadyExistsFault" or "ServerlessCacheAlreadyExistsFault")
        {
            return false;
        }
        catch (ElastiCacheException e)
        {
            throw new ProvisioningException($"ElastiCache refused to make cache {request.Name}: {e.Message}", e);
        }
    }

    public async Task<bool?> IsOfAsync(CacheName name, RestoreTargetKind kind, ExecutionId execution, CancellationToken cancellationToken)
    {
        string? arn = kind == RestoreTargetKind.SelfDesigned
            ? (await client.FindReplicationGroupAsync(name.Value, cancellationToken))?.Arn
            : (await client.FindServerlessCacheAsync(name.Value, cancellationToken))?.Arn;
        if (arn is null)
        {
            return null;
        }

        try
        {
            IReadOnlyList<Tag> tags = await client.ListTagsAsync(arn, cancellationToken);
            return ManagedTags.Hold(tags, ManagedTags.Execution, execution.Value);
        }
        catch (ElastiCacheException e) when (NotYet.Contains(e.Shape))
        {
            return null;
        }
    }

    public async Task<ManagedCacheDescription?> DescribeAsync(
        CacheName name, RestoreTargetKind kind, bool withNodes, CancellationToken cancellationToken)
    {
        if (kind == RestoreTargetKind.SelfDesigned)
        {
            return await client.FindReplicationGroupAsync(name.Value, cancellationToken) is { } group
                ? await DescribeAsync(group, withNodes, cancellationToken)
                : null;
        }

        return await client.FindServerlessCacheAsync(name.Value, cancellationToken) is { } cache
            ? new ManagedCacheDescription
            {
                Status = cache.Status,
                Topology = CacheTopology.Serverless,
                Shards = cache.Endpoint is { } endpoint ? [Shard(1, endpoint, isEncrypted: true)] : [],
                Version = VersionOf(cache.FullVersion ?? cache.MajorVersion),
            }
            : null;
    }

    public async Task<string?> FindCauseAsync(CacheName name, RestoreTargetKind kind, CancellationToken cancellationToken)
    {
        List<string> told = [];
        foreach ((string id, string type) in await SourcesAsync(name, kind, cancellationToken))
        {
            XElement result = await client.SendAsync(
                "DescribeEvents",
                new QueryParameters().Add("SourceIdentifier", id).Add("SourceType", type).Add("Duration", EventMinutes).Add("MaxRecords", 100),
                cancellationToken);
            told.AddRange(ElastiCacheXml.List(result, "Events")
                .Select(entry => entry.Element("Message")?.Value.Trim() ?? string.Empty)
                .Where(message => message.Contains("fail", StringComparison.OrdinalIgnoreCase)));
        }

        string all = string.Join(" ", told.Distinct());
        return all.Length switch
        {
            0 => null,
            > MaxCauseLength => all[..MaxCauseLength],
            _ => all,
        };
    }

    /// <summary>What can have failed: the cache itself, and of a cluster the nodes that say so.</summary>
    private async Task<IReadOnlyList<(string Id, string Type)>> SourcesAsync(CacheName name, RestoreTargetKind kind, CancellationToken cancellationToken)
    {
        const int MaxNodes = 5;
        if (kind != RestoreTargetKind.SelfDesigned)
        {
            return [(name.Value, "serverless-cache")];
        }

        List<(string Id, string Type)> sources = [(name.Value, "replication-group")];
        if (await client.FindReplicationGroupAsync(name.Value, cancellationToken) is { } group)
        {
            IReadOnlyList<CacheCluster> nodes = await NodesAsync(group, cancellationToken);
            sources.AddRange(nodes
                .Where(node => ManagedCacheStates.Failed.Contains(node.Status))
                .Take(MaxNodes)
                .Select(node => (node.Id, "cache-cluster")));
        }

        return sources;
    }

    private async Task<ManagedCacheDescription> DescribeAsync(ReplicationGroup group, bool withNodes, CancellationToken cancellationToken)
    {
        IReadOnlyList<CacheCluster> nodes = withNodes ? await NodesAsync(group, cancellationToken) : [];
        CacheEndpoint? endpoint = group.ConfigurationEndpoint ?? group.NodeGroups.Select(node => node.Primary).FirstOrDefault(primary => primary is not null);
        return new ManagedCacheDescription
        {
            Status = group.Status,
            NodeStatuses = [.. nodes.Select(node => node.Status).Distinct()],
            Topology = group.IsClusterMode ? CacheTopology.ClusterEnabled : CacheTopology.ClusterDisabled,
            Shards = endpoint is null ? [] : [Shard(1, endpoint, group.HasTransitEncryption)],
            Version = nodes.Select(node => VersionOf(node.EngineVersion)).FirstOrDefault(version => version is not null),
        };
    }

    /// <summary>A call for each node, at most 500 of them, a few at once.</summary>
    private async Task<IReadOnlyList<CacheCluster>> NodesAsync(ReplicationGroup group, CancellationToken cancellationToken)
    {
        var nodes = new CacheCluster?[group.MemberClusters.Count];
        await Parallel.ForAsync(
            0,
            nodes.Length,
            new ParallelOptions { MaxDegreeOfParallelism = NodesAtOnce, CancellationToken = cancellationToken },
            async (number, token) => nodes[number] = await client.FindCacheClusterAsync(group.MemberClusters[number], token));
        return [.. nodes.OfType<CacheCluster>()];
    }

    private NewReplicationGroup GroupOf(ManagedCacheRequest request, SelfDesignedTarget cluster) => new()
    {
        Id = request.Name.Value,
        Description = cluster.Description ?? DescriptionOf(request),
        Engine = NameOf(request.Engine),
        EngineVersion = cluster.EngineVersion,
        NodeType = cluster.NodeType,
        NodeGroups = cluster.IsClusterMode
            ?
            [
                .. SlotRanges.Of(cluster.ShardCount).Select((slots, number) => new NewNodeGroup(
                    (number + 1).ToString("D4", CultureInfo.InvariantCulture), slots, cluster.ReplicaCount)),
            ]
            : [],
        CacheClusters = cluster.IsClusterMode ? null : 1 + cluster.ReplicaCount,
        AutomaticFailover = cluster.IsClusterMode || cluster.ReplicaCount > 0,
        MultiAz = cluster.MultiAz,
        ClusterMode = cluster.IsClusterMode ? "enabled" : "disabled",
        ParameterGroup = cluster.ParameterGroup,
        SubnetGroup = cluster.SubnetGroup,
        SecurityGroups = cluster.SecurityGroups,
        SnapshotArns = ArnsOf(request),
        TransitEncryption = true,
        AtRestEncryption = true,
        KmsKey = cluster.KmsKey,
        Tags = [.. request.Tags],
    };

    private NewServerlessCache ServerlessOf(ManagedCacheRequest request) => new()
    {
        Name = request.Name.Value,
        Description = request.Target.Serverless?.Description ?? DescriptionOf(request),
        Engine = NameOf(request.Engine),
        MajorVersion = request.Target.Serverless?.MajorVersion,
        SnapshotArns = ArnsOf(request),
        SecurityGroups = request.Target.Serverless?.SecurityGroups,
        Subnets = request.Target.Serverless?.Subnets ?? (subnets.Count > 0 ? subnets : null),
        KmsKey = request.Target.Serverless?.KmsKey,
        Tags = [.. request.Tags],
    };

    private string[] ArnsOf(ManagedCacheRequest request)
    {
        // An execution's ARN says in which partition we are: aws, aws-us-gov, aws-cn.
        string partition = request.Execution.Value.Split(':') is ["arn", var found, ..] ? found : "aws";
        return [.. request.Files.Select(file => $"arn:{partition}:s3:::{exchangeBucket}/{file}")];
    }

    private static string DescriptionOf(ManagedCacheRequest request) => $"Restored from backup {request.Backup} by Cache Backup";

    private static string NameOf(CacheEngine engine) => engine switch
    {
        CacheEngine.Valkey => "valkey",
        CacheEngine.Redis => "redis",
        _ => throw new ProvisioningException($"ElastiCache fills no {engine} cache from .rdb files."),
    };

    private static CacheShard Shard(int number, CacheEndpoint endpoint, bool isEncrypted) =>
        new(number, new CacheAddress { Endpoint = endpoint, Tls = isEncrypted ? new CacheTls() : null });

    private static CacheVersion? VersionOf(string? text) => CacheVersion.TryParse(text, out CacheVersion version) ? version : null;
}
