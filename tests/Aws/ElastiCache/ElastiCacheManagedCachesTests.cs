using System.Text;
using CacheBackup.Aws.Api;
using CacheBackup.Aws.ElastiCache;
using CacheBackup.Aws.Tests.Api;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;

namespace CacheBackup.Aws.Tests.ElastiCache;

/// <summary>What a restore asks of ElastiCache, and what it makes of the answers.</summary>
public sealed class ElastiCacheManagedCachesTests(MotoServer moto)
{
    private const string Key = "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/caches";
    private static readonly CacheName Name = CacheName.Parse("orders");
    private static readonly ExecutionId Execution = new("arn:aws-us-gov:states:us-gov-west-1:123456789012:execution:cache-backup-restore:orders-7");

    private static readonly SelfDesignedTarget Cluster = new()
    {
        NodeType = "cache.r7g.large",
        Shards = 2,
        Replicas = 1,
        SubnetGroup = "quiet",
        SecurityGroups = ["sg-0123abcd"],
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cluster_is_asked_for_with_slots_for_every_shard()
    {
        await using ScriptedServer server = new(Reply("CreateReplicationGroup", Group("creating")));
        using AwsApi api = Open(server);
        Assert.True(await Caches(api).TryRequestAsync(Request(new RestoreTargetSpec { SelfDesigned = Cluster }), Cancellation));
        string sent = Sent(server);
        Assert.Contains("&Engine=valkey&CacheNodeType=cache.r7g.large&NumNodeGroups=2&", sent, StringComparison.Ordinal);
        Assert.Contains(".1.Slots=0-8191&", sent, StringComparison.Ordinal);
        Assert.Contains(".2.Slots=8192-16383&", sent, StringComparison.Ordinal);
        Assert.Contains("&AutomaticFailoverEnabled=true&ClusterMode=enabled&CacheSubnetGroupName=quiet&SecurityGroupIds.SecurityGroupId.1=sg-0123abcd&", sent, StringComparison.Ordinal);
        Assert.Contains(
            "&SnapshotArns.SnapshotArn.1=arn%3Aaws-us-gov%3As3%3A%3A%3Aexchange%2Fstaged%2Forders%2F7%2Fshard-0001.rdb"
            + "&SnapshotArns.SnapshotArn.2=arn%3Aaws-us-gov%3As3%3A%3A%3Aexchange%2Fstaged%2Forders%2F7%2Fshard-0002.rdb&",
            sent,
            StringComparison.Ordinal);
        Assert.Contains("&TransitEncryptionEnabled=true&AtRestEncryptionEnabled=true&", sent, StringComparison.Ordinal);
        Assert.EndsWith(
            $"&Tags.Tag.1.Key=cache-backup%3Aexecution&Tags.Tag.1.Value={Uri.EscapeDataString(Execution.Value)}"
            + "&Tags.Tag.2.Key=cache-backup%3Acache&Tags.Tag.2.Value=orders&Tags.Tag.3.Key=team&Tags.Tag.3.Value=one",
            sent,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_without_cluster_mode_is_a_replication_group_too()
    {
        await using ScriptedServer server = new(Reply("CreateReplicationGroup", Group("creating")));
        using AwsApi api = Open(server);
        SelfDesignedTarget one = new() { NodeType = "cache.t4g.small" };
        Assert.True(await Caches(api).TryRequestAsync(Request(new RestoreTargetSpec { SelfDesigned = one }), Cancellation));
        Assert.Contains("&NumCacheClusters=1&AutomaticFailoverEnabled=false&ClusterMode=disabled&", Sent(server), StringComparison.Ordinal);
        Assert.DoesNotContain("Slots", Sent(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_serverless_cache_is_asked_for_with_the_staged_files()
    {
        await using ScriptedServer server = new(Reply("CreateServerlessCache", Serverless("CREATING")));
        using AwsApi api = Open(server);
        Assert.True(await Caches(api).TryRequestAsync(Request(new RestoreTargetSpec { Serverless = new ServerlessTarget { Description = "d" } }), Cancellation));
        Assert.StartsWith("Action=CreateServerlessCache&Version=2015-02-02&ServerlessCacheName=orders&Description=d&Engine=valkey&SnapshotArnsToRestore.SnapshotArn.1=", Sent(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_restore_says_of_network_version_and_key_is_asked_for()
    {
        await using ScriptedServer server = new(
            Reply("CreateReplicationGroup", Group("creating")), Reply("CreateServerlessCache", Serverless("CREATING")));
        using AwsApi api = Open(server);
        SelfDesignedTarget cluster = Cluster with { ParameterGroup = "mine", EngineVersion = "8.0", MultiAz = true, KmsKey = Key };
        Assert.True(await Caches(api).TryRequestAsync(Request(new RestoreTargetSpec { SelfDesigned = cluster }), Cancellation));
        string sent = Sent(server);
        Assert.Contains("&EngineVersion=8.0&", sent, StringComparison.Ordinal);
        Assert.Contains("&MultiAZEnabled=true&", sent, StringComparison.Ordinal);
        Assert.Contains("&CacheParameterGroupName=mine&CacheSubnetGroupName=quiet&", sent, StringComparison.Ordinal);
        Assert.Contains($"&KmsKeyId={Uri.EscapeDataString(Key)}&", sent, StringComparison.Ordinal);

        ServerlessTarget serverless = new() { MajorVersion = "8", Subnets = ["subnet-01234567", "subnet-89abcdef"], SecurityGroups = ["sg-0123abcd"], KmsKey = Key };
        Assert.True(await Caches(api).TryRequestAsync(Request(new RestoreTargetSpec { Serverless = serverless }), Cancellation));
        sent = Encoding.UTF8.GetString(server.Requests[1].Body);
        Assert.Contains("&MajorEngineVersion=8&", sent, StringComparison.Ordinal);
        Assert.Contains(
            $"&SecurityGroupIds.SecurityGroupId.1=sg-0123abcd&SubnetIds.SubnetId.1=subnet-01234567&SubnetIds.SubnetId.2=subnet-89abcdef&KmsKeyId={Uri.EscapeDataString(Key)}&",
            sent,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_serverless_cache_whose_restore_names_no_subnets_gets_those_of_the_configuration()
    {
        await using ScriptedServer server = new(Reply("CreateServerlessCache", Serverless("CREATING")));
        using AwsApi api = Open(server);
        ElastiCacheManagedCaches caches = new(new ElastiCacheClient(api), "exchange", ["subnet-01234567", "subnet-89abcdef"]);
        Assert.True(await caches.TryRequestAsync(Request(new RestoreTargetSpec { Serverless = new ServerlessTarget() }), Cancellation));
        Assert.Contains("&SubnetIds.SubnetId.1=subnet-01234567&SubnetIds.SubnetId.2=subnet-89abcdef&Tags", Sent(server), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ReplicationGroupAlreadyExists", false)]
    [InlineData("ServerlessCacheAlreadyExistsFault", true)]
    public async Task A_cache_that_is_there_is_not_made_again(string code, bool isServerless)
    {
        await using ScriptedServer server = new(Error(code, 400));
        using AwsApi api = Open(server);
        Assert.False(await Caches(api).TryRequestAsync(
            Request(isServerless ? new RestoreTargetSpec { Serverless = new ServerlessTarget() } : new RestoreTargetSpec { SelfDesigned = Cluster }), Cancellation));
    }

    [Fact]
    public async Task A_refusal_says_what_ElastiCache_says()
    {
        await using ScriptedServer server = new(Error("InsufficientCacheClusterCapacity", 400));
        using AwsApi api = Open(server);
        ProvisioningException refused = await Assert.ThrowsAsync<ProvisioningException>(
            () => Caches(api).TryRequestAsync(Request(new RestoreTargetSpec { SelfDesigned = Cluster }), Cancellation));
        Assert.Contains("InsufficientCacheClusterCapacity", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whose_a_cache_is_is_read_from_its_tag_and_not_told_before_it_is_available()
    {
        await using ScriptedServer server = new(
            Reply("DescribeReplicationGroups", $"<ReplicationGroups>{Group("creating")}</ReplicationGroups>"),
            Error("InvalidReplicationGroupState", 400),
            Reply("DescribeReplicationGroups", $"<ReplicationGroups>{Group("available")}</ReplicationGroups>"),
            Reply("ListTagsForResource", $"<TagList><Tag><Key>cache-backup:execution</Key><Value>{Execution.Value}</Value></Tag></TagList>"),
            Reply("DescribeReplicationGroups", $"<ReplicationGroups>{Group("available")}</ReplicationGroups>"),
            Reply("ListTagsForResource", "<TagList><Tag><Key>cache-backup:execution</Key><Value>other</Value></Tag></TagList>"));
        using AwsApi api = Open(server);
        bool?[] told =
        [
            await Caches(api).IsOfAsync(Name, RestoreTargetKind.SelfDesigned, Execution, Cancellation),
            await Caches(api).IsOfAsync(Name, RestoreTargetKind.SelfDesigned, Execution, Cancellation),
            await Caches(api).IsOfAsync(Name, RestoreTargetKind.SelfDesigned, Execution, Cancellation),
        ];
        Assert.Equal([null, true, false], told);
    }

    [Fact]
    public async Task A_node_that_could_not_be_filled_is_seen_behind_its_cluster()
    {
        await using ScriptedServer server = new(
            Reply("DescribeReplicationGroups", $"<ReplicationGroups>{Group("available")}</ReplicationGroups>"),
            Reply("DescribeCacheClusters", "<CacheClusters><CacheCluster><CacheClusterId>orders-0001-001</CacheClusterId><CacheClusterStatus>restore-failed</CacheClusterStatus><EngineVersion>7.2.6</EngineVersion></CacheCluster></CacheClusters>"));
        using AwsApi api = Open(server);
        ManagedCacheDescription found = (await Caches(api).DescribeAsync(Name, RestoreTargetKind.SelfDesigned, withNodes: true, Cancellation))!;
        Assert.Equal(("available", CacheTopology.ClusterEnabled, new CacheVersion(7, 2, 6)), (found.Status, found.Topology, found.Version!.Value));
        Assert.Equal(["restore-failed"], found.NodeStatuses);
        CacheAddress address = Assert.Single(found.Shards).Address;
        Assert.Equal(("cfg.example:6379", true), (address.Endpoint.ToString(), address.Tls is not null));
    }

    [Fact]
    public async Task What_failed_is_told_by_the_events_of_the_cache()
    {
        await using ScriptedServer server = new(Reply(
            "DescribeEvents",
            "<Events><Event><Message>Cache created</Message></Event><Event><Message>Restore from s3 failed: too large</Message></Event></Events>"));
        using AwsApi api = Open(server);
        Assert.Equal("Restore from s3 failed: too large", await Caches(api).FindCauseAsync(Name, RestoreTargetKind.Serverless, Cancellation));
        Assert.Contains("&SourceIdentifier=orders&SourceType=serverless-cache&", Sent(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_moto_makes_is_described_with_its_endpoint()
    {
        using AwsApi api = await MotoApi.OpenAsync(moto, AwsService.ElastiCache);
        CacheName name = CacheName.Parse(MotoApi.NewName("m"));
        ElastiCacheManagedCaches caches = Caches(api);
        Assert.Null(await caches.DescribeAsync(name, RestoreTargetKind.SelfDesigned, withNodes: false, Cancellation));
        Assert.True(await caches.TryRequestAsync(Request(new RestoreTargetSpec { SelfDesigned = Cluster }) with { Name = name }, Cancellation));
        Assert.False(await caches.TryRequestAsync(Request(new RestoreTargetSpec { SelfDesigned = Cluster }) with { Name = name }, Cancellation));
        ManagedCacheDescription made = (await caches.DescribeAsync(name, RestoreTargetKind.SelfDesigned, withNodes: false, Cancellation))!;
        Assert.Equal("available", made.Status);
        Assert.Single(made.Shards);
    }

    private static ManagedCacheRequest Request(RestoreTargetSpec target) => new()
    {
        Name = Name,
        Execution = Execution,
        Backup = BackupName.Parse("nightly"),
        Engine = CacheEngine.Valkey,
        Target = target,
        Tags = ManagedTags.OfCache(Execution, Name, [new Tag("team", "one")]),
        Files = [new ObjectKey("staged/orders/7/shard-0001.rdb"), new ObjectKey("staged/orders/7/shard-0002.rdb")],
    };

    private static string Group(string status) =>
        $"""
        <ReplicationGroup><ReplicationGroupId>orders</ReplicationGroupId><Status>{status}</Status><ARN>arn:g</ARN><ClusterEnabled>true</ClusterEnabled>
        <TransitEncryptionEnabled>true</TransitEncryptionEnabled><MemberClusters><ClusterId>orders-0001-001</ClusterId></MemberClusters>
        <ConfigurationEndpoint><Address>cfg.example</Address><Port>6379</Port></ConfigurationEndpoint></ReplicationGroup>
        """;

    private static string Serverless(string status) =>
        $"<ServerlessCache><ServerlessCacheName>orders</ServerlessCacheName><Status>{status}</Status></ServerlessCache>";

    private static ElastiCacheManagedCaches Caches(AwsApi api) => new(new ElastiCacheClient(api), "exchange", []);

    private static string Sent(ScriptedServer server) => Encoding.ASCII.GetString(server.Requests[0].Body);

    private static AwsApi Open(ScriptedServer server) =>
        AwsApi.Open(AwsService.ElastiCache, Answers.Impatient(server.Endpoint), TimeProvider.System, MotoApi.Credentials);

    private static ScriptedAnswer Reply(string action, string result) => Answers.Xml(
        $"<{action}Response xmlns=\"http://elasticache.amazonaws.com/doc/2015-02-02/\"><{action}Result>{result}</{action}Result></{action}Response>");

    private static ScriptedAnswer Error(string code, int status) => Answers.Xml(
        "<ErrorResponse xmlns=\"http://elasticache.amazonaws.com/doc/2015-02-02/\"><Error><Type>Sender</Type>"
        + $"<Code>{code}</Code><Message>text</Message></Error><RequestId>request-1</RequestId></ErrorResponse>",
        status);
}
