using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Aws.Tests;

public sealed class S3ObjectLockTests(MotoServer moto) : ObjectLockContract, IDisposable
{
    private static readonly ObjectKey Key = new("data/a/b");

    private readonly List<S3ObjectStore> _opened = [];

    protected override DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _opened.ForEach(store => store.Dispose());

    [Fact]
    public async Task Deleting_leaves_no_version_and_no_marker_of_the_object_and_all_of_others()
    {
        await using ScriptedServer versions = new(
            Page("<Version><Key>data/a/b</Key><VersionId>v3</VersionId></Version><DeleteMarker><Key>data/a/b</Key><VersionId>m1</VersionId></DeleteMarker>", isCut: true),
            Page("<Version><Key>data/a/b</Key><VersionId>v1</VersionId></Version><Version><Key>data/a/bc</Key><VersionId>other</VersionId></Version>", isCut: true),
            new ScriptedAnswer(204));
        using S3ObjectStore store = S3ObjectStore.Open(
            S3Location.Parse("s3://bucket"),
            new S3StoreOptions { Endpoint = versions.Endpoint, Lock = S3LockMode.Governance },
            TimeProvider.System,
            MotoBuckets.Credentials);

        await store.DeleteAsync(Key, Cancellation);

        Assert.Equal(["v3", "v1", "m1"], versions.Requests.Where(sent => sent.Method == "DELETE").Select(sent => sent.Target.Split("versionId=")[1]));
        Assert.Contains("key-marker=data%2Fa%2Fb", versions.Requests[1].Target, StringComparison.Ordinal);
        Assert.DoesNotContain(versions.Requests, sent => sent.Headers.ContainsKey("x-amz-bypass-governance-retention"));
    }

    [Fact]
    public async Task Object_that_was_written_over_goes_whole()
    {
        IObjectStore store = await OpenAsync();
        for (int i = 0; i < 3; i++)
        {
            await store.PutTextAsync(Key, $"{i}");
        }

        await store.DeleteAsync(Key, Cancellation);
        await store.DeleteAsync(Key, Cancellation);

        // What was only hidden would come back for whoever may list versions, and be billed.
        Assert.Null(await store.HeadAsync(Key, Cancellation));
        await store.PutAsync(Key, "again"u8.ToArray(), WriteCondition.Absent, Cancellation);
    }

    [Fact]
    public async Task Earlier_version_that_is_locked_keeps_the_object_from_going_unseen()
    {
        IObjectStore store = await OpenAsync();
        await store.PutTextAsync(Key, "locked");
        await ((ILockingStore)store).LockAsync(Key, Now.AddDays(1), Cancellation);
        await store.PutTextAsync(Key, "newer");

        await Assert.ThrowsAsync<ObjectLockedException>(() => store.DeleteAsync(Key, Cancellation));
    }

    [Theory]
    [InlineData(200, typeof(ObjectLockedException))]
    [InlineData(403, typeof(StoreAccessDeniedException))]
    public async Task Version_that_refuses_to_go_is_told_as_locked_where_its_head_may_be_read(int head, Type told)
    {
        await using ScriptedServer server = new(
            Page("<Version><Key>data/a/b</Key><VersionId>v1</VersionId></Version>", isCut: false),
            ScriptedAnswer.Error(403, "AccessDenied"),
            new ScriptedAnswer(head) { Headers = new Dictionary<string, string> { ["x-amz-object-lock-retain-until-date"] = "2999-01-01T00:00:00Z" } });
        using S3ObjectStore store = S3ObjectStore.Open(
            S3Location.Parse("s3://bucket"),
            new S3StoreOptions { Endpoint = server.Endpoint, Lock = S3LockMode.Governance, Retries = 0 },
            TimeProvider.System,
            MotoBuckets.Credentials);

        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => store.DeleteAsync(Key, Cancellation));

        Assert.IsType(told, refused);
        Assert.Equal(("HEAD", true), (server.Requests[^1].Method, server.Requests[^1].Target.Contains("versionId=v1", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(S3LockMode.Governance, "GOVERNANCE")]
    [InlineData(S3LockMode.Compliance, "COMPLIANCE")]
    public async Task Mode_and_date_are_sent(S3LockMode mode, string name)
    {
        await using ScriptedServer server = new(new ScriptedAnswer(200));
        using S3ObjectStore store = S3ObjectStore.Open(
            S3Location.Parse("s3://bucket/p"), new S3StoreOptions { Endpoint = server.Endpoint, Lock = mode }, TimeProvider.System, MotoBuckets.Credentials);

        await store.LockAsync(Key, new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero), Cancellation);

        ScriptedRequest sent = Assert.Single(server.Requests);
        Assert.Equal("/bucket/p/data/a/b?retention", sent.Target.TrimEnd('='));
        string body = System.Text.Encoding.UTF8.GetString(sent.Body);
        Assert.Contains($"<Mode>{name}</Mode>", body, StringComparison.Ordinal);
        Assert.Contains("<RetainUntilDate>2030-01-02T03:04:05", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_locked()
    {
        // moto answers 500.
        await using ScriptedServer server = new(ScriptedAnswer.Error(404, "NoSuchKey"));
        using S3ObjectStore store = S3ObjectStore.Open(
            S3Location.Parse("s3://bucket"),
            new S3StoreOptions { Endpoint = server.Endpoint, Lock = S3LockMode.Governance },
            TimeProvider.System,
            MotoBuckets.Credentials);

        await Assert.ThrowsAsync<ObjectNotFoundException>(() => store.LockAsync(Key, Now.AddDays(1), Cancellation));
    }

    [Fact]
    public async Task Store_that_was_opened_without_a_mode_locks_nothing_by_accident()
    {
        using S3ObjectStore store = await MotoBuckets.OpenAsync(moto, "");

        await Assert.ThrowsAsync<InvalidOperationException>(() => store.LockAsync(Key, Now.AddDays(1), Cancellation));
    }

    protected override async ValueTask<IObjectStore> OpenAsync()
    {
        _opened.Add(await MotoBuckets.OpenAsync(moto, "/kept/here", S3LockMode.Governance));
        return _opened[^1];
    }

    private static ScriptedAnswer Page(string content, bool isCut) => ScriptedAnswer.Xml(
        $"<ListVersionsResult><IsTruncated>{(isCut ? "true" : "false")}</IsTruncated><NextKeyMarker>data/a/b</NextKeyMarker>"
        + $"<NextVersionIdMarker>x</NextVersionIdMarker>{content}</ListVersionsResult>");
}
