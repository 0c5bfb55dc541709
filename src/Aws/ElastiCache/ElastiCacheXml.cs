using System.Globalization;
using System.Xml.Linq;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Aws.ElastiCache;

/// <summary>ElastiCache's shapes, read from its XML. What an answer leaves out is null.</summary>
internal static class ElastiCacheXml
{
    public static ReplicationGroup ReplicationGroupOf(XElement group) => new(Required(group, "ReplicationGroupId"), StatusOf(group, "Status"))
    {
        Arn = Text(group, "ARN"),
        Description = Text(group, "Description"),
        Engine = Text(group, "Engine"),
        NodeType = Text(group, "CacheNodeType"),
        IsClusterMode = IsTrue(group, "ClusterEnabled"),
        HasTransitEncryption = IsTrue(group, "TransitEncryptionEnabled"),
        ConfigurationEndpoint = EndpointOf(group, "ConfigurationEndpoint"),
        DataTiering = Text(group, "DataTiering"),
        NodeGroups = [.. List(group, "NodeGroups").Select(NodeGroupOf)],
        MemberClusters = [.. List(group, "MemberClusters").Select(member => member.Value)],
    };

    public static ServerlessCache ServerlessCacheOf(XElement cache) => new(Required(cache, "ServerlessCacheName"), StatusOf(cache, "Status"))
    {
        Arn = Text(cache, "ARN"),
        Engine = Text(cache, "Engine"),
        MajorVersion = Text(cache, "MajorEngineVersion"),
        FullVersion = Text(cache, "FullEngineVersion"),
        Endpoint = EndpointOf(cache, "Endpoint"),
        Reader = EndpointOf(cache, "ReaderEndpoint"),
    };

    public static CacheCluster CacheClusterOf(XElement cluster) => new(Required(cluster, "CacheClusterId"), StatusOf(cluster, "CacheClusterStatus"))
    {
        Arn = Text(cluster, "ARN"),
        Engine = Text(cluster, "Engine"),
        EngineVersion = Text(cluster, "EngineVersion"),
        NodeType = Text(cluster, "CacheNodeType"),
        Endpoint = List(cluster, "CacheNodes").Select(node => EndpointOf(node, "Endpoint")).FirstOrDefault(),
        HasTransitEncryption = IsTrue(cluster, "TransitEncryptionEnabled"),
        ReplicationGroup = Text(cluster, "ReplicationGroupId"),
    };

    public static CacheSnapshot SnapshotOf(XElement snapshot) => new(Required(snapshot, "SnapshotName"), StatusOf(snapshot, "SnapshotStatus"))
    {
        Arn = Text(snapshot, "ARN"),
        Source = Text(snapshot, "SnapshotSource"),
        Engine = Text(snapshot, "Engine"),
        EngineVersion = Text(snapshot, "EngineVersion"),
        NodeType = Text(snapshot, "CacheNodeType"),
        ReplicationGroup = Text(snapshot, "ReplicationGroupId"),
        CacheCluster = Text(snapshot, "CacheClusterId"),
        NodeGroupCount = int.TryParse(Text(snapshot, "NumNodeGroups"), NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : null,
        DataTiering = Text(snapshot, "DataTiering"),
        Nodes = [.. List(snapshot, "NodeSnapshots").Select(NodeSnapshotOf)],
    };

    public static ServerlessCacheSnapshot ServerlessSnapshotOf(XElement snapshot)
    {
        XElement? cache = snapshot.Element("ServerlessCacheConfiguration");
        return new ServerlessCacheSnapshot(Required(snapshot, "ServerlessCacheSnapshotName"), StatusOf(snapshot, "Status"))
        {
            Arn = Text(snapshot, "ARN"),
            Type = Text(snapshot, "SnapshotType"),
            CreatedAt = TimeOf(snapshot, "CreateTime"),
            BytesUsed = Text(snapshot, "BytesUsedForCache"),
            Cache = Text(cache, "ServerlessCacheName"),
            Engine = Text(cache, "Engine"),
            MajorVersion = Text(cache, "MajorEngineVersion"),
        };
    }

    /// <summary>The elements of a list, whatever they are called: the service's model and its answers do not always agree.</summary>
    public static IEnumerable<XElement> List(XElement parent, string name) => parent.Element(name)?.Elements() ?? [];

    /// <exception cref="StoreUnavailableException">The answer lacks what it always has.</exception>
    public static XElement Member(XElement parent, string name) => parent.Element(name) ?? throw Lacking(parent, name);

    private static NodeGroup NodeGroupOf(XElement group) => new(
        Required(group, "NodeGroupId"),
        StatusOf(group, "Status"),
        Text(group, "Slots"),
        EndpointOf(group, "PrimaryEndpoint"),
        EndpointOf(group, "ReaderEndpoint"))
    {
        Replicas =
        [
            .. List(group, "NodeGroupMembers").Where(member => Text(member, "CurrentRole") == "replica")
                .Select(member => Text(member, "CacheClusterId")).OfType<string>(),
        ],
    };

    private static NodeSnapshot NodeSnapshotOf(XElement node) => new(
        Text(node, "CacheClusterId"),
        Text(node, "NodeGroupId") ?? Text(node.Element("NodeGroupConfiguration"), "NodeGroupId"),
        Text(node.Element("NodeGroupConfiguration"), "Slots"),
        Text(node, "CacheSize"),
        TimeOf(node, "SnapshotCreateTime"));

    private static CacheEndpoint? EndpointOf(XElement parent, string name)
    {
        XElement? endpoint = parent.Element(name);
        return Text(endpoint, "Address") is { Length: > 0 } host
            && int.TryParse(Text(endpoint, "Port"), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            ? new CacheEndpoint(host, port)
            : null;
    }

    private static string StatusOf(XElement parent, string name) => (Text(parent, name) ?? "").ToLowerInvariant();

    private static bool IsTrue(XElement parent, string name) => string.Equals(Text(parent, name), "true", StringComparison.OrdinalIgnoreCase);

    private static DateTimeOffset? TimeOf(XElement parent, string name) =>
        DateTimeOffset.TryParse(Text(parent, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;

    private static string Required(XElement parent, string name) => Text(parent, name) is { Length: > 0 } text ? text : throw Lacking(parent, name);

    private static string? Text(XElement? parent, string name) => parent?.Element(name)?.Value.Trim();

    private static StoreUnavailableException Lacking(XElement parent, string name) =>
        new($"ElastiCache answered with a {parent.Name.LocalName} that has no {name}. Look at the thing itself, then try again.");
}
