using System.Xml.Linq;
using CacheBackup.Core.Model;

namespace CacheBackup.Aws.ElastiCache;

/// <summary>Caches: made, looked at by their one id, and their tags.</summary>
public sealed partial class ElastiCacheClient
{
    private const string ReplicationGroupNotFound = "ReplicationGroupNotFoundFault";
    private const string ServerlessCacheNotFound = "ServerlessCacheNotFoundFault";
    private const string CacheClusterNotFound = "CacheClusterNotFoundFault";

    /// <exception cref="ElastiCacheException"><c>ReplicationGroupAlreadyExistsFault</c>, <c>InvalidParameterCombinationException</c>, a quota…</exception>
    public async Task<ReplicationGroup> CreateReplicationGroupAsync(NewReplicationGroup asked, CancellationToken cancellationToken)
    {
        QueryParameters parameters = new QueryParameters()
            .Add("ReplicationGroupId", asked.Id)
            .Add("ReplicationGroupDescription", asked.Description)
            .Add("Engine", asked.Engine)
            .Add("EngineVersion", asked.EngineVersion)
            .Add("CacheNodeType", asked.NodeType)
            .Add("NumNodeGroups", asked.NodeGroups.Count > 0 ? asked.NodeGroups.Count : (long?)null)
            .AddList("NodeGroupConfiguration", "NodeGroupConfiguration", asked.NodeGroups, Write)
            .Add("NumCacheClusters", asked.CacheClusters)
            .Add("AutomaticFailoverEnabled", asked.AutomaticFailover)
            .Add("MultiAZEnabled", asked.MultiAz)
            .Add("ClusterMode", asked.ClusterMode)
            .Add("CacheParameterGroupName", asked.ParameterGroup)
            .Add("CacheSubnetGroupName", asked.SubnetGroup)
            .AddList("SecurityGroupIds", "SecurityGroupId", asked.SecurityGroups)
            .AddList("SnapshotArns", "SnapshotArn", asked.SnapshotArns)
            .Add("TransitEncryptionEnabled", asked.TransitEncryption)
            .Add("AtRestEncryptionEnabled", asked.AtRestEncryption)
            .Add("KmsKeyId", asked.KmsKey)
            .AddTags(asked.Tags);
        XElement result = await SendAsync("CreateReplicationGroup", parameters, cancellationToken);
        return ElastiCacheXml.ReplicationGroupOf(ElastiCacheXml.Member(result, "ReplicationGroup"));
    }

    /// <exception cref="ElastiCacheException"><c>ServerlessCacheAlreadyExistsFault</c>, a quota…</exception>
    public async Task<ServerlessCache> CreateServerlessCacheAsync(NewServerlessCache asked, CancellationToken cancellationToken)
    {
        QueryParameters parameters = new QueryParameters()
            .Add("ServerlessCacheName", asked.Name)
            .Add("Description", asked.Description)
            .Add("Engine", asked.Engine)
            .Add("MajorEngineVersion", asked.MajorVersion)
            .AddList("SnapshotArnsToRestore", "SnapshotArn", asked.SnapshotArns)
            .AddList("SecurityGroupIds", "SecurityGroupId", asked.SecurityGroups)
            .AddList("SubnetIds", "SubnetId", asked.Subnets)
            .Add("KmsKeyId", asked.KmsKey)
            .AddTags(asked.Tags);
        XElement result = await SendAsync("CreateServerlessCache", parameters, cancellationToken);
        return ElastiCacheXml.ServerlessCacheOf(ElastiCacheXml.Member(result, "ServerlessCache"));
    }

    /// <summary>Null: there is none of that id.</summary>
    public Task<ReplicationGroup?> FindReplicationGroupAsync(string id, CancellationToken cancellationToken) => FindAsync(
        "DescribeReplicationGroups",
        new QueryParameters().Add("ReplicationGroupId", id),
        "ReplicationGroups",
        ElastiCacheXml.ReplicationGroupOf,
        ReplicationGroupNotFound,
        cancellationToken);

    /// <summary>Null: there is none of that name.</summary>
    public Task<ServerlessCache?> FindServerlessCacheAsync(string name, CancellationToken cancellationToken) => FindAsync(
        "DescribeServerlessCaches",
        new QueryParameters().Add("ServerlessCacheName", name),
        "ServerlessCaches",
        ElastiCacheXml.ServerlessCacheOf,
        ServerlessCacheNotFound,
        cancellationToken);

    /// <summary>Null: there is none of that id.</summary>
    public Task<CacheCluster?> FindCacheClusterAsync(string id, CancellationToken cancellationToken) => FindAsync(
        "DescribeCacheClusters",
        new QueryParameters().Add("CacheClusterId", id).Add("ShowCacheNodeInfo", true),
        "CacheClusters",
        ElastiCacheXml.CacheClusterOf,
        CacheClusterNotFound,
        cancellationToken);

    /// <summary>The tags of anything. ElastiCache refuses this for a cluster that is not available yet.</summary>
    public async Task<IReadOnlyList<Tag>> ListTagsAsync(string arn, CancellationToken cancellationToken)
    {
        XElement result = await SendAsync("ListTagsForResource", new QueryParameters().Add("ResourceName", arn), cancellationToken);
        return [.. ElastiCacheXml.List(result, "TagList").Select(tag => new Tag(tag.Element("Key")?.Value ?? "", tag.Element("Value")?.Value ?? ""))];
    }

    private static void Write(QueryParameters parameters, string prefix, NewNodeGroup group) => parameters
        .Add(prefix + "NodeGroupId", group.Id)
        .Add(prefix + "Slots", group.Slots)
        .Add(prefix + "ReplicaCount", group.Replicas);

    /// <summary>The one thing that a Describe is asked for by its id.</summary>
    private async Task<T?> FindAsync<T>(
        string action, QueryParameters parameters, string list, Func<XElement, T> read, string notFound, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            XElement result = await SendAsync(action, parameters, cancellationToken);
            return ElastiCacheXml.List(result, list).FirstOrDefault() is { } found ? read(found) : null;
        }
        catch (ElastiCacheException e) when (e.Shape == notFound)
        {
            return null;
        }
    }
}
