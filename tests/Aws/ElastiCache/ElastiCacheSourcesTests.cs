using CacheBackup.Aws.Api;
using CacheBackup.Aws.ElastiCache;
using CacheBackup.Aws.Tests.Api;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Fixtures;

namespace CacheBackup.Aws.Tests.ElastiCache;

/// <summary>Caches as ElastiCache describes them, and what is made of it.</summary>
public sealed class ElastiCacheSourcesTests(MotoServer moto)
{
    private const string Node =
        """
        <CacheClusters><CacheCluster><CacheClusterId>orders-001</CacheClusterId><CacheClusterStatus>available</CacheClusterStatus><ARN>arn:c</ARN>
        <Engine>redis</Engine><EngineVersion>7.1.0</EngineVersion><TransitEncryptionEnabled>false</TransitEncryptionEnabled>
        <CacheNodes><CacheNode><CacheNodeId>0001</CacheNodeId><Endpoint><Address>c.example</Address><Port>6379</Port></Endpoint></CacheNode></CacheNodes>
        </CacheCluster></CacheClusters>
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Group_in_cluster_mode_is_described_with_its_slots_and_the_version_of_a_node()
    {
        await using ScriptedServer server = new(
            ElastiCacheAnswers.Reply(
                "DescribeReplicationGroups",
                """
                <ReplicationGroups><ReplicationGroup><ReplicationGroupId>orders</ReplicationGroupId><Status>available</Status><ARN>arn:g</ARN><Engine>redis</Engine>
                <ClusterEnabled>true</ClusterEnabled><TransitEncryptionEnabled>true</TransitEncryptionEnabled><DataTiering>enabled</DataTiering>
                <ConfigurationEndpoint><Address>cfg.example</Address><Port>6379</Port></ConfigurationEndpoint>
                <MemberClusters><ClusterId>orders-0001-001</ClusterId></MemberClusters>
                <NodeGroups><NodeGroup><NodeGroupId>0003</NodeGroupId><Status>available</Status><Slots>8192-16383</Slots></NodeGroup>
                <NodeGroup><NodeGroupId>0001</NodeGroupId><Status>available</Status><Slots>0-8191</Slots></NodeGroup></NodeGroups>
                </ReplicationGroup></ReplicationGroups>
                """),
            ElastiCacheAnswers.Reply("DescribeCacheClusters", Node));
        using AwsApi api = ElastiCacheAnswers.Open(server);

        ManagedDescription found = (await new ElastiCacheSources(new ElastiCacheClient(api)).FindAsync(
            new ManagedResource(ManagedResourceKind.ReplicationGroup, "orders"), Cancellation))!;

        Assert.Equal(
            ("arn:g", "available", CacheEngine.Redis, new CacheVersion(7, 1, 0), CacheTopology.ClusterEnabled),
            (found.Arn, found.Status, found.Engine, found.EngineVersion, found.Topology));
        Assert.Equal((true, true, null), (found.Tls, found.DataTiering, found.SnapshotNode));
        Assert.Equal(
            [new ManagedShard(1, "0001", "0-8191", new CacheEndpoint("cfg.example", 6379)), new ManagedShard(2, "0003", "8192-16383")], found.Shards);
        Assert.Equal(
            ["Action=DescribeReplicationGroups&ReplicationGroupId=orders", "Action=DescribeCacheClusters&CacheClusterId=orders-0001-001&ShowCacheNodeInfo=true"],
            ElastiCacheAnswers.AllSent(server));
    }

    [Fact]
    public async Task Snapshots_of_a_group_without_cluster_mode_are_taken_from_a_replica()
    {
        await using ScriptedServer server = new(
            ElastiCacheAnswers.Reply(
                "DescribeReplicationGroups",
                """
                <ReplicationGroups><ReplicationGroup><ReplicationGroupId>orders</ReplicationGroupId><Status>snapshotting</Status><ARN>arn:g</ARN><Engine>valkey</Engine>
                <ClusterEnabled>false</ClusterEnabled><MemberClusters><ClusterId>orders-001</ClusterId><ClusterId>orders-002</ClusterId></MemberClusters>
                <NodeGroups><NodeGroup><NodeGroupId>0001</NodeGroupId><Status>available</Status>
                <PrimaryEndpoint><Address>p.example</Address><Port>6380</Port></PrimaryEndpoint>
                <NodeGroupMembers><NodeGroupMember><CacheClusterId>orders-001</CacheClusterId><CurrentRole>primary</CurrentRole></NodeGroupMember>
                <NodeGroupMember><CacheClusterId>orders-002</CacheClusterId><CurrentRole>replica</CurrentRole></NodeGroupMember></NodeGroupMembers>
                </NodeGroup></NodeGroups></ReplicationGroup></ReplicationGroups>
                """),
            ElastiCacheAnswers.Reply("DescribeCacheClusters", Node));
        using AwsApi api = ElastiCacheAnswers.Open(server);

        ManagedDescription found = (await new ElastiCacheSources(new ElastiCacheClient(api)).FindAsync(
            new ManagedResource(ManagedResourceKind.ReplicationGroup, "orders"), Cancellation))!;

        Assert.Equal(("orders-002", CacheTopology.ClusterDisabled, false), (found.SnapshotNode, found.Topology, found.IsAvailable));
        Assert.Equal([new ManagedShard(1, "0001", null, new CacheEndpoint("p.example", 6380))], found.Shards);
    }

    [Fact]
    public async Task Serverless_cache_and_single_node_are_described()
    {
        await using ScriptedServer server = new(
            ElastiCacheAnswers.Reply(
                "DescribeServerlessCaches",
                """
                <ServerlessCaches><member><ServerlessCacheName>shop</ServerlessCacheName><Status>AVAILABLE</Status><ARN>arn:s</ARN><Engine>valkey</Engine>
                <MajorEngineVersion>8</MajorEngineVersion><Endpoint><Address>s.example</Address><Port>6379</Port></Endpoint></member></ServerlessCaches>
                """),
            ElastiCacheAnswers.Reply("DescribeCacheClusters", Node));
        using AwsApi api = ElastiCacheAnswers.Open(server);
        ElastiCacheSources sources = new(new ElastiCacheClient(api));

        ManagedDescription serverless = (await sources.FindAsync(new ManagedResource(ManagedResourceKind.ServerlessCache, "shop"), Cancellation))!;
        ManagedDescription node = (await sources.FindAsync(new ManagedResource(ManagedResourceKind.CacheCluster, "orders-001"), Cancellation))!;

        Assert.Equal(
            ("available", CacheEngine.Valkey, new CacheVersion(8, 0, 0), CacheTopology.Serverless, true),
            (serverless.Status, serverless.Engine, serverless.EngineVersion, serverless.Topology, serverless.Tls));
        Assert.Equal((new CacheEndpoint("c.example", 6379), CacheTopology.ClusterDisabled, false), (node.Shards[0].Endpoint, node.Topology, node.Tls));
    }

    [Theory]
    [InlineData(ManagedResourceKind.ServerlessCache, "ServerlessCacheNotFoundFault")]
    [InlineData(ManagedResourceKind.ReplicationGroup, "ReplicationGroupNotFoundFault")]
    [InlineData(ManagedResourceKind.CacheCluster, "CacheClusterNotFound")]
    public async Task What_is_not_there_is_null(ManagedResourceKind kind, string code)
    {
        await using ScriptedServer server = new(ElastiCacheAnswers.Error(code, 404));
        using AwsApi api = ElastiCacheAnswers.Open(server);

        Assert.Null(await new ElastiCacheSources(new ElastiCacheClient(api)).FindAsync(new ManagedResource(kind, "x"), Cancellation));
    }

    [Fact]
    public async Task Tags_that_are_not_told_yet_are_asked_for_again()
    {
        await using ScriptedServer server = new(ElastiCacheAnswers.Error("InvalidServerlessCacheSnapshotStateFault", 400));
        using AwsApi api = ElastiCacheAnswers.Open(server);

        await Assert.ThrowsAsync<ManagedSourceBusyException>(() => new ElastiCacheSources(new ElastiCacheClient(api)).ReadTagsAsync("arn:x", Cancellation));
    }

    [Fact]
    public async Task Group_in_moto_is_described()
    {
        using AwsApi api = await MotoApi.OpenAsync(moto, AwsService.ElastiCache);
        ElastiCacheClient client = new(api);
        string id = MotoApi.NewName("source");
        await client.CreateReplicationGroupAsync(
            new NewReplicationGroup
            {
                Id = id,
                Description = "made by a test",
                Engine = "redis",
                NodeType = "cache.t4g.micro",
                NodeGroups = [new NewNodeGroup("0001", "0-16383", 0)],
                Tags = [new Tag("cache-backup:cache", "shop")],
            },
            Cancellation);
        ElastiCacheSources sources = new(client);

        ManagedDescription found = (await sources.FindAsync(new ManagedResource(ManagedResourceKind.ReplicationGroup, id), Cancellation))!;

        Assert.Equal((CacheEngine.Redis, true), (found.Engine, found.IsAvailable));
        Assert.Equal([new Tag("cache-backup:cache", "shop")], await sources.ReadTagsAsync(found.Arn, Cancellation));
    }
}
