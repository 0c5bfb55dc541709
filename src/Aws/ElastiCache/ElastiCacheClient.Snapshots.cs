using System.Xml.Linq;
using CacheBackup.Core.Model;

namespace CacheBackup.Aws.ElastiCache;

/// <summary>Snapshots, which are ElastiCache's own backups: made, and looked at by their one name.</summary>
public sealed partial class ElastiCacheClient
{
    private const string SnapshotNotFound = "SnapshotNotFoundFault";
    private const string ServerlessSnapshotNotFound = "ServerlessCacheSnapshotNotFoundFault";

    /// <summary>Of a whole self-designed cluster, or of one node: exactly one of the two ids.</summary>
    /// <exception cref="ElastiCacheException"><c>SnapshotAlreadyExistsFault</c>, <c>InvalidReplicationGroupStateFault</c>, a quota…</exception>
    public async Task<CacheSnapshot> CreateSnapshotAsync(
        string name, string? replicationGroup, string? cacheCluster, IReadOnlyList<Tag>? tags, CancellationToken cancellationToken)
    {
        QueryParameters parameters = new QueryParameters()
            .Add("SnapshotName", name)
            .Add("ReplicationGroupId", replicationGroup)
            .Add("CacheClusterId", cacheCluster)
            .AddTags(tags);
        XElement result = await SendAsync("CreateSnapshot", parameters, cancellationToken);
        return ElastiCacheXml.SnapshotOf(ElastiCacheXml.Member(result, "Snapshot"));
    }

    /// <exception cref="ElastiCacheException"><c>ServerlessCacheSnapshotAlreadyExistsFault</c>, <c>InvalidServerlessCacheStateFault</c>, a quota…</exception>
    public async Task<ServerlessCacheSnapshot> CreateServerlessSnapshotAsync(
        string name, string cache, IReadOnlyList<Tag>? tags, CancellationToken cancellationToken)
    {
        QueryParameters parameters = new QueryParameters()
            .Add("ServerlessCacheSnapshotName", name)
            .Add("ServerlessCacheName", cache)
            .AddTags(tags);
        XElement result = await SendAsync("CreateServerlessCacheSnapshot", parameters, cancellationToken);
        return ElastiCacheXml.ServerlessSnapshotOf(ElastiCacheXml.Member(result, "ServerlessCacheSnapshot"));
    }

    /// <summary>With the slots of each shard. Null: there is none of that name.</summary>
    public Task<CacheSnapshot?> FindSnapshotAsync(string name, CancellationToken cancellationToken) => FindAsync(
        "DescribeSnapshots",
        new QueryParameters().Add("SnapshotName", name).Add("ShowNodeGroupConfig", true),
        "Snapshots",
        ElastiCacheXml.SnapshotOf,
        SnapshotNotFound,
        cancellationToken);

    /// <summary>Null: there is none of that name.</summary>
    public Task<ServerlessCacheSnapshot?> FindServerlessSnapshotAsync(string name, CancellationToken cancellationToken) => FindAsync(
        "DescribeServerlessCacheSnapshots",
        new QueryParameters().Add("ServerlessCacheSnapshotName", name),
        "ServerlessCacheSnapshots",
        ElastiCacheXml.ServerlessSnapshotOf,
        ServerlessSnapshotNotFound,
        cancellationToken);

    /// <summary>Deletes at once; it cannot be called back.</summary>
    /// <exception cref="ElastiCacheException"><c>SnapshotNotFoundFault</c>, <c>InvalidSnapshotStateFault</c>.</exception>
    public Task DeleteSnapshotAsync(string name, CancellationToken cancellationToken) =>
        SendAsync("DeleteSnapshot", new QueryParameters().Add("SnapshotName", name), cancellationToken);

    /// <summary>Deletes at once; it cannot be called back.</summary>
    /// <exception cref="ElastiCacheException"><c>ServerlessCacheSnapshotNotFoundFault</c>, <c>InvalidServerlessCacheSnapshotStateFault</c>.</exception>
    public Task DeleteServerlessSnapshotAsync(string name, CancellationToken cancellationToken) =>
        SendAsync("DeleteServerlessCacheSnapshot", new QueryParameters().Add("ServerlessCacheSnapshotName", name), cancellationToken);
}
