using CacheBackup.Aws.Api;
using CacheBackup.Aws.ElastiCache;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;

namespace CacheBackup.Aws.Tests.ElastiCache;

/// <summary>Snapshots as they are asked for, looked at and deleted, with every error that ElastiCache documents for it.</summary>
public sealed class ElastiCacheSnapshotsTests
{
    private static readonly NativeSnapshotId Own = new("s-1", Serverless: false);
    private static readonly NativeSnapshotId Serverless = new("s-1", Serverless: true);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ManagedResourceKind.ReplicationGroup, null, "Action=CreateSnapshot&SnapshotName=s-1&ReplicationGroupId=orders&Tags.Tag.1.Key=k&Tags.Tag.1.Value=v")]
    [InlineData(ManagedResourceKind.ReplicationGroup, "orders-002", "Action=CreateSnapshot&SnapshotName=s-1&CacheClusterId=orders-002&Tags.Tag.1.Key=k&Tags.Tag.1.Value=v")]
    [InlineData(ManagedResourceKind.CacheCluster, null, "Action=CreateSnapshot&SnapshotName=s-1&CacheClusterId=orders&Tags.Tag.1.Key=k&Tags.Tag.1.Value=v")]
    [InlineData(
        ManagedResourceKind.ServerlessCache,
        null,
        "Action=CreateServerlessCacheSnapshot&ServerlessCacheSnapshotName=s-1&ServerlessCacheName=orders&Tags.Tag.1.Key=k&Tags.Tag.1.Value=v")]
    public async Task Snapshot_is_asked_for_of_exactly_one_thing(ManagedResourceKind kind, string? node, string sent)
    {
        bool serverless = kind == ManagedResourceKind.ServerlessCache;
        await using ScriptedServer server = new(serverless
            ? ElastiCacheAnswers.Reply(
                "CreateServerlessCacheSnapshot",
                "<ServerlessCacheSnapshot><ServerlessCacheSnapshotName>s-1</ServerlessCacheSnapshotName><Status>creating</Status></ServerlessCacheSnapshot>")
            : ElastiCacheAnswers.Reply("CreateSnapshot", "<Snapshot><SnapshotName>s-1</SnapshotName><SnapshotStatus>creating</SnapshotStatus></Snapshot>"));
        using AwsApi api = ElastiCacheAnswers.Open(server);
        NativeSnapshotRequest request = new(serverless ? Serverless : Own, new ManagedResource(kind, "orders"), node, [new Tag("k", "v")]);

        Assert.True(await new ElastiCacheSnapshots(new ElastiCacheClient(api)).RequestAsync(request, Cancellation));

        Assert.Equal([sent], ElastiCacheAnswers.AllSent(server));
    }

    [Theory]
    [InlineData("SnapshotQuotaExceededFault", typeof(BackupQuotaExceededException))]
    [InlineData("ServerlessCacheSnapshotQuotaExceededFault", typeof(BackupQuotaExceededException))]
    [InlineData("CacheClusterNotFound", typeof(NotFoundException))]
    [InlineData("ReplicationGroupNotFoundFault", typeof(NotFoundException))]
    [InlineData("ServerlessCacheNotFoundFault", typeof(NotFoundException))]
    [InlineData("InvalidCacheClusterState", typeof(ManagedSourceBusyException))]
    [InlineData("InvalidReplicationGroupState", typeof(ManagedSourceBusyException))]
    [InlineData("InvalidServerlessCacheStateFault", typeof(ManagedSourceBusyException))]
    [InlineData("SnapshotFeatureNotSupportedFault", typeof(NativeSnapshotFailedException))]
    [InlineData("TagQuotaPerResourceExceeded", typeof(NativeSnapshotFailedException))]
    [InlineData("InvalidParameterCombination", typeof(NativeSnapshotFailedException))]
    [InlineData("ServiceLinkedRoleNotFoundFault", typeof(NativeSnapshotFailedException))]
    [InlineData("SomethingNew", typeof(NativeSnapshotFailedException))]
    public async Task Each_refusal_means_what_it_says_and_keeps_its_text(string code, Type meaning)
    {
        await using ScriptedServer server = new(ElastiCacheAnswers.Error(code, 400, "the words of ElastiCache"));
        using AwsApi api = ElastiCacheAnswers.Open(server);

        Exception refused = await Assert.ThrowsAsync(meaning, () => RequestAsync(api));

        Assert.Contains("the words of ElastiCache", refused.Message, StringComparison.Ordinal);
        Assert.Contains("replication group orders", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SnapshotAlreadyExistsFault")]
    [InlineData("ServerlessCacheSnapshotAlreadyExistsFault")]
    public async Task One_that_is_there_already_is_no_error(string code)
    {
        await using ScriptedServer server = new(ElastiCacheAnswers.Error(code, 400));
        using AwsApi api = ElastiCacheAnswers.Open(server);

        Assert.False(await RequestAsync(api));
    }

    [Fact]
    public async Task What_passes_is_left_to_the_machines_retries()
    {
        await using ScriptedServer server = new(ElastiCacheAnswers.Error("InternalFailure", 500));
        using AwsApi api = ElastiCacheAnswers.Open(server);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => RequestAsync(api));
    }

    [Fact]
    public async Task Snapshots_are_found_with_their_status_in_lower_case_and_the_number_of_their_files()
    {
        await using ScriptedServer server = new(
            ElastiCacheAnswers.Reply(
                "DescribeSnapshots",
                """
                <Snapshots><Snapshot><SnapshotName>s-1</SnapshotName><SnapshotStatus>available</SnapshotStatus><ARN>arn:s</ARN>
                <NumNodeGroups>3</NumNodeGroups><EngineVersion>7.1</EngineVersion></Snapshot></Snapshots>
                """),
            ElastiCacheAnswers.Reply(
                "DescribeServerlessCacheSnapshots",
                """
                <ServerlessCacheSnapshots><member><ServerlessCacheSnapshotName>s-1</ServerlessCacheSnapshotName><Status>AVAILABLE</Status><ARN>arn:t</ARN>
                <ServerlessCacheConfiguration><MajorEngineVersion>8</MajorEngineVersion></ServerlessCacheConfiguration></member></ServerlessCacheSnapshots>
                """));
        using AwsApi api = ElastiCacheAnswers.Open(server);
        ElastiCacheSnapshots snapshots = new(new ElastiCacheClient(api));

        NativeSnapshot own = (await snapshots.FindAsync(Own, Cancellation))!;
        NativeSnapshot serverless = (await snapshots.FindAsync(Serverless, Cancellation))!;

        Assert.Equal((Own, "arn:s", true, 3, new CacheVersion(7, 1, 0)), (own.Id, own.Arn, own.IsAvailable, own.Files, own.EngineVersion));
        Assert.Equal(
            (Serverless, "arn:t", true, null, new CacheVersion(8, 0, 0)),
            (serverless.Id, serverless.Arn, serverless.IsAvailable, serverless.Files, serverless.EngineVersion));
    }

    [Theory]
    [InlineData("SnapshotNotFoundFault", false)]
    [InlineData("ServerlessCacheSnapshotNotFoundFault", true)]
    public async Task What_is_gone_is_as_good_as_deleted(string code, bool serverless)
    {
        await using ScriptedServer server = new(ElastiCacheAnswers.Error(code, 404));
        using AwsApi api = ElastiCacheAnswers.Open(server);
        ElastiCacheSnapshots snapshots = new(new ElastiCacheClient(api));

        Assert.True(await snapshots.TryDeleteAsync(serverless ? Serverless : Own, Cancellation));
        Assert.Null(await snapshots.FindAsync(serverless ? Serverless : Own, Cancellation));
    }

    [Theory]
    [InlineData("creating", false)]
    [InlineData("copying", false)]
    [InlineData("deleting", true)]
    public async Task What_ElastiCache_is_at_work_on_cannot_go_unless_it_is_going(string status, bool goes)
    {
        await using ScriptedServer server = new(
            ElastiCacheAnswers.Error("InvalidSnapshotState", 400),
            ElastiCacheAnswers.Reply(
                "DescribeSnapshots", $"<Snapshots><Snapshot><SnapshotName>s-1</SnapshotName><SnapshotStatus>{status}</SnapshotStatus></Snapshot></Snapshots>"));
        using AwsApi api = ElastiCacheAnswers.Open(server);

        Assert.Equal(goes, await new ElastiCacheSnapshots(new ElastiCacheClient(api)).TryDeleteAsync(Own, Cancellation));
        Assert.Equal("Action=DeleteSnapshot&SnapshotName=s-1", ElastiCacheAnswers.AllSent(server)[0]);
    }

    private static Task<bool> RequestAsync(AwsApi api) => new ElastiCacheSnapshots(new ElastiCacheClient(api)).RequestAsync(
        new NativeSnapshotRequest(Own, new ManagedResource(ManagedResourceKind.ReplicationGroup, "orders"), null, []), Cancellation);
}
