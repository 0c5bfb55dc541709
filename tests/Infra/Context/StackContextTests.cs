using System.Text.Json;
using CacheBackup.Infra.Context;

namespace CacheBackup.Infra.Tests.Context;

public sealed class StackContextTests
{
    private const string Network = """
        "vpcId": "vpc-0123456789abcdef0", "availabilityZones": ["eu-west-1a"], "subnetIds": ["subnet-0123456789abcdef0"], "routeTableIds": ["rtb-0123456789abcdef0"]
        """;

    public static TheoryData<string, string> Wrong => new()
    {
        { """{"vpcID": "vpc-0123456789abcdef0"}""", "cacheBackup.vpcID" },
        { """[]""", "cacheBackup" },
        { """{"name": ""}""", "cacheBackup.name" },
        { """{"name": "Shop"}""", "cacheBackup.name" },
        { """{"name": "a-name-that-is-much-too-long-for-its-functions"}""", "cacheBackup.name" },
        { """{"account": "12345"}""", "cacheBackup.account" },
        { """{"region": "Ireland"}""", "cacheBackup.region" },
        { """{"vpcId": "10.0.0.0/16"}""", "cacheBackup.vpcId" },
        { """{"subnetIds": ["subnet-0123456789abcdef0"]}""", "cacheBackup.vpcId" },
        { """{"vpcId": "vpc-0123456789abcdef0"}""", "cacheBackup.subnetIds" },
        { """{"vpcId": "vpc-0123456789abcdef0", "subnetIds": ["subnet-0123456789abcdef0"]}""", "cacheBackup.availabilityZones" },
        { """{"vpcId": "vpc-0123456789abcdef0", "subnetIds": ["subnet-0123456789abcdef0"], "availabilityZones": ["eu-west-1a"]}""", "cacheBackup.routeTableIds" },
        { """{"region": "eu-central-1", "vpcId": "vpc-0123456789abcdef0", "subnetIds": ["subnet-0123456789abcdef0"], "availabilityZones": ["eu-west-1a"], "routeTableIds": ["rtb-0123456789abcdef0"]}""", "cacheBackup.availabilityZones" },
        { """{"securityGroupIds": ["default"]}""", "cacheBackup.securityGroupIds" },
        { """{"createS3Endpoint": "yes"}""", "cacheBackup.createS3Endpoint" },
        { """{"exportBuckets": "s3://bucket"}""", "cacheBackup.exportBuckets" },
        { """{"exportBuckets": ["bucket"]}""", "cacheBackup.exportBuckets" },
        { """{"importBuckets": ["bucket/folder"]}""", "cacheBackup.importBuckets" },
        { """{"cacheKeys": ["alias/caches"]}""", "cacheBackup.cacheKeys" },
        { """{"exportBuckets": ["/a/directory"]}""", "cacheBackup.exportBuckets" },
        { """{"importBuckets": ["s3://Bucket_Name"]}""", "cacheBackup.importBuckets" },
        { """{"copyTargets": ["s3://bucket?zone=1"]}""", "cacheBackup.copyTargets" },
        { """{"copyTargets": ["s3://bucket?kms-key=alias/copies"]}""", "cacheBackup.copyTargets" },
        { """{"copyTargets": ["s3://bucket", "s3://bucket"]}""", "cacheBackup.copyTargets" },
        { """{"bucketKeys": ["*"]}""", "cacheBackup.bucketKeys" },
        { """{"secretKeys": ["arn:aws:kms:eu-west-1:123456789012:key/*"]}""", "cacheBackup.secretKeys" },
        { """{"secretPrefix": ""}""", "cacheBackup.secretPrefix" },
        { """{"secretPrefix": "*/"}""", "cacheBackup.secretPrefix" },
        { """{"secretPrefix": "cache-backup"}""", "cacheBackup.secretPrefix" },
        { """{"eventBus": "a bus"}""", "cacheBackup.eventBus" },
        { """{"exchangeAcl": true, "region": "ap-east-1"}""", "cacheBackup.exchangeAcl" },
        { """{"objectLock": "forever", "objectLockDays": 3}""", "cacheBackup.objectLock" },
        { """{"objectLock": "governance"}""", "cacheBackup.objectLockDays" },
        { """{"objectLockDays": 3}""", "cacheBackup.objectLockDays" },
        { """{"verifySharePercent": 101}""", "cacheBackup.verifySharePercent" },
        { """{"verifySharePercent": 2.5}""", "cacheBackup.verifySharePercent" },
        { """{"maxRunning": 0}""", "cacheBackup.maxRunning" },
        { """{"quotas": "many"}""", "cacheBackup.quotas" },
        { """{"storagePrice": 0.023}""", "cacheBackup.storagePrice" },
        { """{"storagePrice": "cheap"}""", "cacheBackup.storagePrice" },
        { """{"metricsNamespace": "AWS/ElastiCache"}""", "cacheBackup.metricsNamespace" },
        { """{"alarmAddress": "nobody"}""", "cacheBackup.alarmAddress" },
        { """{"latenessAlarmMinutes": 0}""", "cacheBackup.latenessAlarmMinutes" },
        { """{"proofAlarmDays": 366}""", "cacheBackup.proofAlarmDays" },
        { """{"dashboard": 1}""", "cacheBackup.dashboard" },
        { """{"logRetentionDays": 31}""", "cacheBackup.logRetentionDays" },
        { """{"allowDeleteCaches": "true"}""", "cacheBackup.allowDeleteCaches" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Wrong_value_is_refused_by_its_name_with_what_to_write(string json, string named)
    {
        StackContextException refused = Assert.Throws<StackContextException>(() => SynthesisedStack.Context(json));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.Contains("cdk.json", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_value_has_a_case_that_is_refused()
    {
        string all = string.Join('\n', Wrong.Select(row => row.Data.Item1));
        Assert.Empty(ContextValues.All.Select(value => value.Name).Where(name => !all.Contains($"\"{name}\"", StringComparison.Ordinal)).Except(["createSecretsEndpoint", "availabilityZones", "routeTableIds"]).Except(["availabilityZones"]));
    }

    [Fact]
    public void Network_is_read_whole()
    {
        NetworkContext network = SynthesisedStack.Context($$"""{ {{Network}}, "securityGroupIds": ["sg-0123456789abcdef0"], "createSecretsEndpoint": false }""").Network!;
        Assert.Equal(("vpc-0123456789abcdef0", 1, true, false), (network.VpcId, network.SecurityGroupIds.Count, network.CreateS3Endpoint, network.CreateSecretsEndpoint));
        Assert.Null(StackContext.Parse(null).Network);
    }

    [Theory]
    [InlineData("a", 0)]
    [InlineData("ab", 2)]
    [InlineData("aabbccd", 3)]
    public void Caches_that_a_restore_makes_get_a_subnet_in_each_of_two_or_three_zones(string zones, int count)
    {
        string List(string form) => string.Join(", ", zones.Select((zone, i) => $"\"{form.Replace('N', (char)('0' + i)).Replace('Z', zone)}\""));
        NetworkContext network = SynthesisedStack.Context($$"""
            {"vpcId": "vpc-01234567", "createS3Endpoint": false, "availabilityZones": [{{List("eu-west-1Z")}}], "subnetIds": [{{List("subnet-0123456N")}}]}
            """).Network!;
        Assert.Equal(count, network.SubnetsOfCaches.Count);
        Assert.Equal(count, network.SubnetsOfCaches.Select(id => zones[id[^1] - '0']).Distinct().Count());
    }

    [Fact]
    public void Network_with_a_way_to_s3_of_its_own_needs_no_route_tables() => Assert.Empty(SynthesisedStack.Context(
        """{"vpcId": "vpc-0123456789abcdef0", "availabilityZones": ["eu-west-1a"], "subnetIds": ["subnet-0123456789abcdef0"], "createS3Endpoint": false}""").Network!.RouteTableIds);

    [Fact]
    public void File_of_the_checkout_holds_every_value_with_its_default()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Checkout.Find(), "cdk.json")));
        JsonElement given = document.RootElement.GetProperty("context").GetProperty("cacheBackup");
        Assert.Equal(ContextValues.All.Select(value => value.Name), given.EnumerateObject().Select(member => member.Name));
        foreach (ContextValue value in ContextValues.All)
        {
            using JsonDocument expected = JsonDocument.Parse(value.Default);
            Assert.True(JsonElement.DeepEquals(expected.RootElement, given.GetProperty(value.Name)), value.Name);
        }
    }
}
