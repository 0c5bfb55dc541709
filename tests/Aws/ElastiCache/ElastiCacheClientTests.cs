using System.Net;
using System.Text;
using CacheBackup.Aws.Api;
using CacheBackup.Aws.ElastiCache;
using CacheBackup.Aws.Tests.Api;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;

namespace CacheBackup.Aws.Tests.ElastiCache;

/// <summary>What is asked of ElastiCache, to the letter, and what is read from its answers; moto answers a part of it.</summary>
public sealed class ElastiCacheClientTests(MotoServer moto)
{
    private const string Group =
        """
        <ReplicationGroup><ReplicationGroupId>orders</ReplicationGroupId><Description>d</Description><Status>available</Status>
        <ClusterEnabled>true</ClusterEnabled><TransitEncryptionEnabled>true</TransitEncryptionEnabled><ARN>arn:g</ARN><Engine>valkey</Engine>
        <CacheNodeType>cache.r7g.large</CacheNodeType>
        <ConfigurationEndpoint><Address>cfg.example</Address><Port>6379</Port></ConfigurationEndpoint>
        <MemberClusters><ClusterId>orders-0001-001</ClusterId><ClusterId>orders-0002-001</ClusterId></MemberClusters>
        <NodeGroups><NodeGroup><NodeGroupId>0001</NodeGroupId><Status>available</Status><Slots>0-8191</Slots></NodeGroup>
        <NodeGroup><NodeGroupId>0002</NodeGroupId><Status>creating</Status><Slots>8192-16383</Slots>
        <PrimaryEndpoint><Address>p.example</Address><Port>6380</Port></PrimaryEndpoint></NodeGroup></NodeGroups></ReplicationGroup>
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cluster_is_asked_for_with_the_slots_of_every_shard()
    {
        await using ScriptedServer server = new(Reply("CreateReplicationGroup", Group));
        using AwsApi api = Open(server);

        ReplicationGroup made = await new ElastiCacheClient(api).CreateReplicationGroupAsync(
            new NewReplicationGroup
            {
                Id = "orders",
                Description = "restored from b & c",
                Engine = "valkey",
                NodeType = "cache.r7g.large",
                NodeGroups = [new NewNodeGroup("0001", "0-8191", 1), new NewNodeGroup("0002", "8192-16383", 1)],
                AutomaticFailover = true,
                SecurityGroups = ["sg-1", "sg-2"],
                SnapshotArns = ["arn:aws:s3:::x/a.rdb"],
                Tags = [new Tag("cache-backup:execution", "e")],
            },
            Cancellation);

        Assert.Equal(
            "Action=CreateReplicationGroup&Version=2015-02-02&ReplicationGroupId=orders&ReplicationGroupDescription=restored%20from%20b%20%26%20c"
            + "&Engine=valkey&CacheNodeType=cache.r7g.large&NumNodeGroups=2"
            + "&NodeGroupConfiguration.NodeGroupConfiguration.1.NodeGroupId=0001&NodeGroupConfiguration.NodeGroupConfiguration.1.Slots=0-8191"
            + "&NodeGroupConfiguration.NodeGroupConfiguration.1.ReplicaCount=1&NodeGroupConfiguration.NodeGroupConfiguration.2.NodeGroupId=0002"
            + "&NodeGroupConfiguration.NodeGroupConfiguration.2.Slots=8192-16383&NodeGroupConfiguration.NodeGroupConfiguration.2.ReplicaCount=1"
            + "&AutomaticFailoverEnabled=true&SecurityGroupIds.SecurityGroupId.1=sg-1&SecurityGroupIds.SecurityGroupId.2=sg-2"
            + "&SnapshotArns.SnapshotArn.1=arn%3Aaws%3As3%3A%3A%3Ax%2Fa.rdb&Tags.Tag.1.Key=cache-backup%3Aexecution&Tags.Tag.1.Value=e",
            Sent(server));
        Assert.Equal(("orders", "available", "arn:g", true, true), (made.Id, made.Status, made.Arn, made.IsClusterMode, made.HasTransitEncryption));
        Assert.Equal(new CacheEndpoint("cfg.example", 6379), made.ConfigurationEndpoint);
        Assert.Equal(["orders-0001-001", "orders-0002-001"], made.MemberClusters);
        Assert.Equal(new NodeGroup("0001", "available", "0-8191", null, null), made.NodeGroups[0]);
        Assert.Equal(new NodeGroup("0002", "creating", "8192-16383", new CacheEndpoint("p.example", 6380), null), made.NodeGroups[1]);
    }

    [Fact]
    public async Task Serverless_cache_is_asked_for_and_members_that_are_null_are_left_out()
    {
        await using ScriptedServer server = new(Reply(
            "CreateServerlessCache",
            "<ServerlessCache><ServerlessCacheName>orders</ServerlessCacheName><Status>CREATING</Status><Engine>valkey</Engine></ServerlessCache>"));
        using AwsApi api = Open(server);

        ServerlessCache made = await new ElastiCacheClient(api).CreateServerlessCacheAsync(
            new NewServerlessCache { Name = "orders", Engine = "valkey", SnapshotArns = ["arn:1"], Tags = [] }, Cancellation);

        Assert.Equal(
            "Action=CreateServerlessCache&Version=2015-02-02&ServerlessCacheName=orders&Engine=valkey&SnapshotArnsToRestore.SnapshotArn.1=arn%3A1",
            Sent(server));
        Assert.Equal(("orders", "creating", null), (made.Name, made.Status, made.Endpoint));
    }

    [Fact]
    public async Task Snapshots_are_asked_for_by_what_they_are_of()
    {
        await using ScriptedServer server = new(
            Reply("CreateSnapshot", "<Snapshot><SnapshotName>s</SnapshotName><SnapshotStatus>creating</SnapshotStatus></Snapshot>"),
            Reply(
                "CreateServerlessCacheSnapshot",
                "<ServerlessCacheSnapshot><ServerlessCacheSnapshotName>t</ServerlessCacheSnapshotName><Status>creating</Status></ServerlessCacheSnapshot>"));
        using AwsApi api = Open(server);
        ElastiCacheClient client = new(api);

        CacheSnapshot first = await client.CreateSnapshotAsync("s", "orders", null, [new Tag("k", "")], Cancellation);
        ServerlessCacheSnapshot second = await client.CreateServerlessSnapshotAsync("t", "orders", null, Cancellation);

        Assert.Equal(("s", "creating"), (first.Name, first.Status));
        Assert.Equal(("t", "creating"), (second.Name, second.Status));
        Assert.Equal(
            "Action=CreateSnapshot&Version=2015-02-02&SnapshotName=s&ReplicationGroupId=orders&Tags.Tag.1.Key=k&Tags.Tag.1.Value=",
            Encoding.ASCII.GetString(server.Requests[0].Body));
        Assert.Equal(
            "Action=CreateServerlessCacheSnapshot&Version=2015-02-02&ServerlessCacheSnapshotName=t&ServerlessCacheName=orders",
            Encoding.ASCII.GetString(server.Requests[1].Body));
    }

    [Fact]
    public async Task Snapshot_is_read_with_the_slots_of_its_shards()
    {
        await using ScriptedServer server = new(Reply(
            "DescribeSnapshots",
            """
            <Snapshots><Snapshot><SnapshotName>s</SnapshotName><SnapshotStatus>available</SnapshotStatus><SnapshotSource>manual</SnapshotSource>
            <NumNodeGroups>1</NumNodeGroups><ReplicationGroupId>orders</ReplicationGroupId><Engine>redis</Engine><EngineVersion>7.1.0</EngineVersion>
            <NodeSnapshots><NodeSnapshot><CacheSize>3 MB</CacheSize><CacheClusterId>orders-0001-001</CacheClusterId><NodeGroupId>0001</NodeGroupId>
            <NodeGroupConfiguration><Slots>0-16383</Slots></NodeGroupConfiguration>
            <SnapshotCreateTime>2015-02-02T20:01:58.955Z</SnapshotCreateTime></NodeSnapshot></NodeSnapshots></Snapshot></Snapshots>
            """));
        using AwsApi api = Open(server);

        CacheSnapshot found = Assert.IsType<CacheSnapshot>(await new ElastiCacheClient(api).FindSnapshotAsync("s", Cancellation));

        Assert.Equal(
            ("available", "manual", 1, "orders", "redis", "7.1.0"),
            (found.Status, found.Source, found.NodeGroupCount, found.ReplicationGroup, found.Engine, found.EngineVersion));
        NodeSnapshot node = Assert.Single(found.Nodes);
        Assert.Equal(
            new NodeSnapshot(
                "orders-0001-001", "0001", "0-16383", "3 MB", new DateTimeOffset(2015, 2, 2, 20, 1, 58, 955, TimeSpan.Zero)),
            node);
        Assert.EndsWith("&SnapshotName=s&ShowNodeGroupConfig=true", Sent(server), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ReplicationGroupNotFoundFault", "ReplicationGroupNotFoundFault")]
    [InlineData("ServerlessCacheNotFoundFault", "ServerlessCacheNotFoundFault")]
    [InlineData("CacheClusterNotFound", "CacheClusterNotFoundFault")]
    [InlineData("SnapshotNotFoundFault", "SnapshotNotFoundFault")]
    [InlineData("ServerlessCacheSnapshotNotFoundFault", "ServerlessCacheSnapshotNotFoundFault")]
    public async Task What_is_not_there_is_null_and_any_other_error_is_none(string code, string shape)
    {
        await using ScriptedServer server = new(Error(code, 404));
        using AwsApi api = Open(server);
        ElastiCacheClient client = new(api);
        Dictionary<string, Func<Task<object?>>> finds = new()
        {
            ["ReplicationGroupNotFoundFault"] = async () => await client.FindReplicationGroupAsync("x", Cancellation),
            ["ServerlessCacheNotFoundFault"] = async () => await client.FindServerlessCacheAsync("x", Cancellation),
            ["CacheClusterNotFoundFault"] = async () => await client.FindCacheClusterAsync("x", Cancellation),
            ["SnapshotNotFoundFault"] = async () => await client.FindSnapshotAsync("x", Cancellation),
            ["ServerlessCacheSnapshotNotFoundFault"] = async () => await client.FindServerlessSnapshotAsync("x", Cancellation),
        };

        foreach ((string own, Func<Task<object?>> findAsync) in finds)
        {
            if (own == shape)
            {
                Assert.Null(await findAsync());
            }
            else
            {
                ElastiCacheException other = await Assert.ThrowsAsync<ElastiCacheException>(findAsync);
                Assert.Equal((code, shape), (other.Code, other.Shape));
            }
        }
    }

    [Fact]
    public async Task Refusal_has_code_shape_text_and_request()
    {
        await using ScriptedServer server = new(Error("InvalidParameterCombination", 400, "Slots must be provided"));
        using AwsApi api = Open(server);

        ElastiCacheException refusal = await Assert.ThrowsAsync<ElastiCacheException>(
            () => new ElastiCacheClient(api).SendAsync("CreateReplicationGroup", new QueryParameters(), Cancellation));

        Assert.Equal(("InvalidParameterCombination", "InvalidParameterCombinationException"), (refusal.Code, refusal.Shape));
        Assert.Equal((HttpStatusCode.BadRequest, "request-1"), (refusal.Failure.Status, refusal.Failure.RequestId));
        Assert.Contains("Slots must be provided", refusal.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("Throttling", 400)]
    [InlineData("APICallRateForCustomerExceeded", 400)]
    [InlineData("InternalFailure", 500)]
    public async Task Throttling_passes(string code, int status)
    {
        await using ScriptedServer server = new(
            Error(code, status), Reply("DescribeReplicationGroups", $"<ReplicationGroups>{Group}</ReplicationGroups>"));
        using AwsApi api = Open(server);

        ReplicationGroup? found = await new ElastiCacheClient(api).FindReplicationGroupAsync("orders", Cancellation);

        Assert.Equal("orders", found?.Id);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Missing_right_is_named()
    {
        await using ScriptedServer server = new(Error("AccessDenied", 403, "User: arn:aws:sts::1:assumed-role/x is not authorized"));
        using AwsApi api = Open(server);

        AwsAccessDeniedException refusal = await Assert.ThrowsAsync<AwsAccessDeniedException>(
            () => new ElastiCacheClient(api).CreateSnapshotAsync("s", "g", null, null, Cancellation));

        Assert.Contains("elasticache:CreateSnapshot", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_without_what_it_always_has_is_no_answer()
    {
        await using ScriptedServer server = new(Reply("CreateSnapshot", "<Snapshot><SnapshotStatus>creating</SnapshotStatus></Snapshot>"));
        using AwsApi api = Open(server);

        StoreUnavailableException failure = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => new ElastiCacheClient(api).CreateSnapshotAsync("s", "g", null, null, Cancellation));

        Assert.Contains("SnapshotName", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cluster_in_moto_is_made_found_and_known_by_its_tags()
    {
        using AwsApi api = await MotoApi.OpenAsync(moto, AwsService.ElastiCache);
        ElastiCacheClient client = new(api);
        string id = MotoApi.NewName("g");
        NewReplicationGroup asked = new()
        {
            Id = id,
            Description = "made by a test",
            Engine = "redis",
            NodeType = "cache.t4g.micro",
            NodeGroups = [new NewNodeGroup("0001", "0-16383", 0)],
            Tags = [new Tag("cache-backup:execution", "e1")],
        };

        Assert.Null(await client.FindReplicationGroupAsync(id, Cancellation));
        await client.CreateReplicationGroupAsync(asked, Cancellation);
        ReplicationGroup found = Assert.IsType<ReplicationGroup>(await client.FindReplicationGroupAsync(id, Cancellation));
        ElastiCacheException again = await Assert.ThrowsAsync<ElastiCacheException>(() => client.CreateReplicationGroupAsync(asked, Cancellation));

        Assert.Equal(id, found.Id);
        Assert.Equal("ReplicationGroupAlreadyExistsFault", again.Shape);
        Assert.Equal([new Tag("cache-backup:execution", "e1")], await client.ListTagsAsync(found.Arn!, Cancellation));
    }

    private static ScriptedAnswer Reply(string action, string result) => Answers.Xml(
        $"<{action}Response xmlns=\"http://elasticache.amazonaws.com/doc/2015-02-02/\"><{action}Result>{result}</{action}Result></{action}Response>");

    private static ScriptedAnswer Error(string code, int status, string text = "text") => new(status)
    {
        Body = Encoding.UTF8.GetBytes(
            "<ErrorResponse xmlns=\"http://elasticache.amazonaws.com/doc/2015-02-02/\"><Error><Type>Sender</Type>"
            + $"<Code>{code}</Code><Message>{text}</Message></Error><RequestId>request-1</RequestId></ErrorResponse>"),
    };

    private static string Sent(ScriptedServer server) => Encoding.ASCII.GetString(Assert.Single(server.Requests).Body);

    private static AwsApi Open(ScriptedServer server) =>
        AwsApi.Open(AwsService.ElastiCache, Answers.Impatient(server.Endpoint), TimeProvider.System, MotoApi.Credentials);
}
