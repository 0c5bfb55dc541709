using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using CacheBackup.Core;
using CacheBackup.Core.Storage;

namespace CacheBackup.Aws.Tests;

public sealed class S3ErrorsTests
{
    private static readonly ObjectKey Key = new("catalog/one.json");

    public static TheoryData<int, string, Type> ReadAnswers => new()
    {
        { 404, "NoSuchKey", typeof(ObjectNotFoundException) },
        { 404, "NoSuchBucket", typeof(StoreNotFoundException) },
        { 403, "AccessDenied", typeof(StoreAccessDeniedException) },
        { 403, "SignatureDoesNotMatch", typeof(StoreAccessDeniedException) },
        { 401, "Unauthorized", typeof(StoreAccessDeniedException) },
        { 400, "ExpiredToken", typeof(StoreAccessDeniedException) },
        { 400, "AuthorizationHeaderMalformed", typeof(StoreNotFoundException) },
        { 301, "PermanentRedirect", typeof(StoreNotFoundException) },
        { 416, "InvalidRange", typeof(ArgumentOutOfRangeException) },
        { 400, "RequestTimeout", typeof(StoreUnavailableException) },
        { 429, "TooManyRequests", typeof(StoreUnavailableException) },
        { 500, "InternalError", typeof(StoreUnavailableException) },
        { 503, "SlowDown", typeof(StoreUnavailableException) },
        { 400, "KMS.DisabledException", typeof(PermanentException) },
    };

    public static TheoryData<int, string, bool, Type> WriteAnswers => new()
    {
        { 412, "PreconditionFailed", true, typeof(PreconditionFailedException) },
        { 404, "NoSuchKey", true, typeof(PreconditionFailedException) },
        { 409, "ConditionalRequestConflict", true, typeof(StoreUnavailableException) },
        { 403, "AccessDenied", false, typeof(StoreAccessDeniedException) },
        { 507, "XMinioStorageFull", false, typeof(StoreFullException) },
        { 507, "Whatever", false, typeof(StoreFullException) },
        { 404, "NoSuchBucket", true, typeof(StoreNotFoundException) },
        { 500, "InternalError", true, typeof(StoreUnavailableException) },
        { 503, "SlowDown", false, typeof(StoreUnavailableException) },
    };

    [Theory]
    [MemberData(nameof(ReadAnswers))]
    public async Task Answer_to_a_read_is_understood(int status, string code, Type expected)
    {
        await using var s3 = new ScriptedServer(ScriptedAnswer.Error(status, code));
        using S3ObjectStore store = Open(s3);

        Exception failure = (await Record.ExceptionAsync(() => store.GetAsync(Key, null, default)))!;

        Assert.IsType(expected, failure);
        AssertNamesNoSecret(failure);
    }

    [Theory]
    [MemberData(nameof(WriteAnswers))]
    public async Task Answer_to_a_write_is_understood(int status, string code, bool isConditional, Type expected)
    {
        await using var s3 = new ScriptedServer(ScriptedAnswer.Error(status, code));
        using S3ObjectStore store = Open(s3);
        WriteCondition condition = isConditional ? WriteCondition.Matches(new ObjectTag("abc")) : WriteCondition.None;

        Exception failure = (await Record.ExceptionAsync(() => store.PutAsync(Key, "{}"u8.ToArray(), condition, default)))!;

        Assert.IsType(expected, failure);
        AssertNamesNoSecret(failure);
    }

    [Theory]
    [InlineData("NoSuchUpload", 404)]
    [InlineData("InvalidPart", 400)]
    public async Task Upload_that_S3_does_not_know_is_not_found(string code, int status)
    {
        await using var s3 = new ScriptedServer(ScriptedAnswer.Error(status, code));
        using S3ObjectStore store = Open(s3);
        var upload = new UploadId("gone");
        var part = new UploadedPart(1, new ObjectTag("etag|AAAAAA=="), 1);

        await Assert.ThrowsAsync<UploadNotFoundException>(() => store.UploadPartAsync(Key, upload, 1, new byte[1], default));
        await Assert.ThrowsAsync<UploadNotFoundException>(
            () => store.CompleteUploadAsync(Key, upload, [part], WriteCondition.None, default));
        await store.AbortUploadAsync(Key, upload, default);
    }

    [Fact]
    public async Task Bucket_that_is_not_there_is_named()
    {
        await using var s3 = new ScriptedServer(ScriptedAnswer.Error(404, "NoSuchBucket"));
        using S3ObjectStore store = Open(s3);

        var failure = await Assert.ThrowsAsync<StoreNotFoundException>(
            async () => await store.ListAsync("", null, default).GetAsyncEnumerator().MoveNextAsync());

        Assert.Contains("some-bucket", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_object_and_missing_rights_are_told_apart_by_head()
    {
        await using var missing = new ScriptedServer(new ScriptedAnswer(404));
        using S3ObjectStore without = Open(missing);
        await using var closed = new ScriptedServer(new ScriptedAnswer(403));
        using S3ObjectStore refused = Open(closed);

        Assert.Null(await without.HeadAsync(Key, default));
        await Assert.ThrowsAsync<StoreAccessDeniedException>(() => refused.HeadAsync(Key, default));
    }

    [Fact]
    public async Task Reset_connection_is_transient()
    {
        await using var s3 = new ScriptedServer(ScriptedAnswer.Reset);
        using S3ObjectStore store = Open(s3);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.GetAsync(Key, null, default));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.PutAsync(Key, default, WriteCondition.Absent, default));
    }

    [Fact]
    public async Task Nobody_there_is_transient()
    {
        Uri nobody;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            nobody = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        }

        using S3ObjectStore store = Open(new S3StoreOptions { Endpoint = nobody, Retries = 0 });

        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.HeadAsync(Key, default));
    }

    [Fact]
    public async Task Store_that_does_not_answer_is_transient_after_the_time_limit()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}");
        using S3ObjectStore store = Open(
            new S3StoreOptions { Endpoint = endpoint, Retries = 0, RequestTimeout = TimeSpan.FromMilliseconds(300) });

        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.PutAsync(Key, default, WriteCondition.Absent, default));
    }

    [Fact]
    public async Task Cancelled_call_is_cancelled_and_not_unavailable()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}");
        using S3ObjectStore store = Open(new S3StoreOptions { Endpoint = endpoint, Retries = 0 });
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.GetAsync(Key, null, cancel.Token));
    }

    [Fact]
    public void Missing_Region_says_what_to_set()
    {
        Assert.SkipWhen(
            new[] { "AWS_REGION", "AWS_DEFAULT_REGION" }.Any(name => Environment.GetEnvironmentVariable(name) is not null)
                || File.Exists(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".aws", "config")),
            "This machine has a Region of its own.");

        var failure = Assert.Throws<StoreNotFoundException>(() => Open(new S3StoreOptions()));

        Assert.Contains("AWS_REGION", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_credentials_say_what_to_set()
    {
        var options = new S3StoreOptions { Endpoint = new Uri("http://127.0.0.1:1"), Retries = 0 };
        using S3ObjectStore store =
            S3ObjectStore.Open(S3Location.Parse("s3://some-bucket"), options, TimeProvider.System, new NoCredentials());

        var failure = await Assert.ThrowsAsync<StoreAccessDeniedException>(() => store.HeadAsync(Key, default));

        Assert.Contains("AWS_ACCESS_KEY_ID", failure.Message, StringComparison.Ordinal);
    }

    private static void AssertNamesNoSecret(Exception failure) =>
        Assert.DoesNotContain("AKIAIOSFODNN7EXAMPLE", failure.Message, StringComparison.Ordinal);

    private static S3ObjectStore Open(ScriptedServer s3) => Open(new S3StoreOptions { Endpoint = s3.Endpoint, Retries = 0 });

    private static S3ObjectStore Open(S3StoreOptions options) =>
        S3ObjectStore.Open(S3Location.Parse("s3://some-bucket/kept"), options, TimeProvider.System, MotoBuckets.Credentials);

    /// <summary>What the SDK's chain does where it finds none.</summary>
    private sealed class NoCredentials : AWSCredentials
    {
        public override ImmutableCredentials GetCredentials() => throw new AmazonClientException("Failed to resolve AWS credentials.");
    }
}
