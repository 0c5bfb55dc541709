using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Tests.Restores;

public sealed class RestoreTargetRulesTests
{
    private static readonly SelfDesignedTarget Cluster = new() { NodeType = "cache.m7g.large" };
    private static readonly CacheAddress Endpoint = new() { Endpoint = new CacheEndpoint("cache.test", 6379) };

    public static TheoryData<string, RestoreTargetSpec> Broken => new()
    {
        { "one target", new RestoreTargetSpec { Endpoint = Endpoint, Serverless = new ServerlessTarget() } },
        { "one target", new RestoreTargetSpec { SelfDesigned = Cluster, Serverless = new ServerlessTarget() } },
        { "made here loads", new RestoreTargetSpec { Endpoint = Endpoint, Fill = RestoreFill.Load } },
        { "made here loads", new RestoreTargetSpec { Serverless = new ServerlessTarget(), Fill = RestoreFill.Load } },
        { "at most 255", new RestoreTargetSpec { Serverless = new ServerlessTarget { Description = new string('d', 256) } } },
        { "at most 255", Of(Cluster with { Description = new string('d', 256) }) },
        { "1 to 500 shards; 0", Of(Cluster with { Shards = 0 }) },
        { "1 to 500 shards; 501", Of(Cluster with { Shards = 501 }) },
        { "0 to 5 replicas; 6", Of(Cluster with { Replicas = 6 }) },
        { "0 to 5 replicas; -1", Of(Cluster with { Replicas = -1 }) },
        { "504 nodes", Of(Cluster with { Shards = 84, Replicas = 5 }) },
        { "cluster mode", Of(Cluster with { Shards = 2, ClusterMode = false }) },
        { "node type", Of(Cluster with { NodeType = "cache.z9.large" }) },
        { "subnet group", Of(Cluster with { SubnetGroup = "a b" }) },
        { "VPC", Of(Cluster with { Vpc = "vpc-1" }) },
        { "parameter group", Of(Cluster with { ParameterGroup = "a b" }) },
        { "engine version", Of(Cluster with { EngineVersion = "latest" }) },
        { "engine version", Of(Cluster with { EngineVersion = "8" }) },
        { "replica", Of(Cluster with { MultiAz = true }) },
        { "its ARN", Of(Cluster with { KmsKey = "alias/caches" }) },
        { "its ARN", Of(new ServerlessTarget { KmsKey = "arn:aws:kms:eu-west-1:123456789012:key/*" }) },
        { "major version", Of(new ServerlessTarget { MajorVersion = "8.0" }) },
        { "Subnets are", Of(new ServerlessTarget { Subnets = [] }) },
        { "Subnets are", Of(new ServerlessTarget { Subnets = ["subnet-1"] }) },
        { "Subnets are", Of(new ServerlessTarget { Subnets = ["subnet-01234567", "subnet-01234567"] }) },
        { "Security groups", Of(new ServerlessTarget { SecurityGroups = ["sg-xyz"] }) },
        { "Security groups", Of(Cluster with { SecurityGroups = ["sg-xyz"] }) },
        { "Security groups", Of(Cluster with { SecurityGroups = [] }) },
        { "Security groups", Of(Cluster with { SecurityGroups = [.. Enumerable.Repeat("sg-01234567", 6)] }) },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Broken_rule_is_named(string named, RestoreTargetSpec target) => Assert.Contains(
        named, Assert.Throws<InvalidRequestException>(() => RestoreTargetRules.Require(target, null)).Message, StringComparison.Ordinal);

    [Fact]
    public void Whole_descriptions_are_taken()
    {
        RestoreTargetRules.Require(new RestoreTargetSpec(), null);
        RestoreTargetRules.Require(new RestoreTargetSpec { Endpoint = Endpoint }, EntrySelection.Of("a*", null, null));
        RestoreTargetRules.Require(new RestoreTargetSpec { Serverless = new ServerlessTarget { Description = "mine" } }, null);
        RestoreTargetRules.Require(
            Of(Cluster with
            {
                Shards = 83,
                Replicas = 5,
                SubnetGroup = "mine-1",
                Vpc = "vpc-0123456789abcdef0",
                SecurityGroups = ["sg-01234567", "sg-0123456789abcdef0"],
                ParameterGroup = "default.valkey8.cluster.on",
                EngineVersion = "6.x",
                MultiAz = true,
                KmsKey = "arn:aws-cn:kms:cn-north-1:123456789012:key/0a-1b",
            }),
            null);
        RestoreTargetRules.Require(
            Of(new ServerlessTarget { MajorVersion = "8", Subnets = ["subnet-01234567", "subnet-0123456789abcdef0"], SecurityGroups = ["sg-01234567"] }), null);
        Assert.True((Cluster with { Shards = 2 }).IsClusterMode);
        Assert.False(Cluster.IsClusterMode);
        Assert.Equal(RestoreTargetKind.SelfDesigned, Of(Cluster).Kind);
        Assert.Equal(RestoreTargetKind.Server, new RestoreTargetSpec().Kind);
    }

    [Fact]
    public void Part_of_a_backup_is_not_loaded() => Assert.Throws<InvalidRequestException>(() => RestoreTargetRules.Require(
        new RestoreTargetSpec { Fill = RestoreFill.Load }, EntrySelection.Of("a*", null, null)));

    private static RestoreTargetSpec Of(SelfDesignedTarget cluster) => new() { SelfDesigned = cluster };

    private static RestoreTargetSpec Of(ServerlessTarget cache) => new() { Serverless = cache };
}
