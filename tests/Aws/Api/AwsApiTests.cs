using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using CacheBackup.Aws.Api;
using CacheBackup.Aws.ElastiCache;
using CacheBackup.Aws.StepFunctions;
using CacheBackup.Core.Storage;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Aws.Tests.Api;

/// <summary>What comes of answers that no service should give, and of no answer.</summary>
public sealed class AwsApiTests
{
    private const string Started = """{"executionArn":"arn","startDate":1.5}""";
    private const string Described = "<DescribeSnapshotsResponse><DescribeSnapshotsResult><Snapshots/></DescribeSnapshotsResult></DescribeSnapshotsResponse>";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<ScriptedAnswerCase> PassingAnswers =>
    [
        new ScriptedAnswerCase("throttled", Answers.Json("""{"__type":"ThrottlingException","message":"Rate exceeded"}""", 400)),
        new ScriptedAnswerCase("too many", Answers.Json("""{"__type":"com.amazonaws.x#Anything"}""", 429)),
        new ScriptedAnswerCase("5xx with a page", Answers.Json("<html>Bad gateway</html>", 502)),
        new ScriptedAnswerCase("5xx without a body", Answers.Json("", 500)),
        new ScriptedAnswerCase("too many executions", Answers.Json("""{"__type":"ExecutionLimitExceeded"}""", 400)),
        new ScriptedAnswerCase("reset", ScriptedAnswer.Reset),
        new ScriptedAnswerCase("cut", Answers.Json("{") with { PromisedLength = 100 }),
    ];

    [Theory]
    [MemberData(nameof(PassingAnswers))]
    public async Task What_may_pass_is_tried_again(ScriptedAnswerCase first)
    {
        await using ScriptedServer server = new(first.Answer, Answers.Json(Started));

        await StartAsync(server);

        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [MemberData(nameof(PassingAnswers))]
    public async Task What_does_not_pass_is_told_as_unavailable_after_the_last_attempt(ScriptedAnswerCase always)
    {
        await using ScriptedServer server = new(always.Answer);

        StoreUnavailableException failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => StartAsync(server));

        Assert.Equal(5, server.Requests.Count);
        Assert.Contains("StartExecution", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_attempt_begins_after_the_time_for_it()
    {
        await using ScriptedServer server = new(new ScriptedAnswer(503));
        using AwsApi api = Open(AwsService.StepFunctions, server.Endpoint, options => options with { LastAttempt = TimeSpan.Zero });

        await Assert.ThrowsAsync<StoreUnavailableException>(() => StartAsync(api));

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Waits_between_attempts_are_of_the_given_clock_and_bounded_by_the_doubled_limit()
    {
        await using ScriptedServer server = new(new ScriptedAnswer(503));
        FakeTimeProvider time = new();
        AwsApiOptions options = Answers.Impatient(server.Endpoint) with { RetryDelay = TimeSpan.FromSeconds(1), LongestRetryDelay = TimeSpan.FromSeconds(2) };
        using AwsApi api = AwsApi.Open(AwsService.StepFunctions, options, time, new BasicAWSCredentials("test", "test"));

        Task failing = Assert.ThrowsAsync<StoreUnavailableException>(() => StartAsync(api));
        DateTimeOffset began = time.GetUtcNow();
        while (!failing.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancellation);
        }

        await failing;
        Assert.Equal(5, server.Requests.Count);
        Assert.True(time.GetUtcNow() > began, "It was over without any wait of the clock.");
    }

    [Theory]
    [InlineData("AccessDeniedException", 400)]
    [InlineData("AnythingElse", 403)]
    [InlineData("KmsAccessDeniedException", 400)]
    public async Task Missing_right_is_named_and_not_tried_again(string code, int status)
    {
        await using ScriptedServer server = new(
            Answers.Json($$"""{"__type":"{{code}}","message":"arn:aws:sts::1:assumed-role/x is not authorized"}""", status));

        AwsAccessDeniedException failure = await Assert.ThrowsAsync<AwsAccessDeniedException>(() => StartAsync(server));

        Assert.Single(server.Requests);
        Assert.Contains("states:StartExecution", failure.Message, StringComparison.Ordinal);
        Assert.Contains("request-1", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("assumed-role", failure.Message, StringComparison.Ordinal);
        Assert.Equal(code, failure.Failure.Code);
    }

    [Theory]
    [InlineData("ExpiredTokenException", 400)]
    [InlineData("InvalidClientTokenId", 403)]
    [InlineData("SignatureDoesNotMatch", 403)]
    public async Task Credentials_that_are_not_taken_are_told_apart_from_a_missing_right(string code, int status)
    {
        await using ScriptedServer server = new(Answers.Json($$"""{"__type":"{{code}}"}""", status));

        AwsAccessDeniedException failure = await Assert.ThrowsAsync<AwsAccessDeniedException>(() => StartAsync(server));

        Assert.Contains("credentials are not taken", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Allow ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_error_has_its_code_text_and_request()
    {
        await using ScriptedServer server = new(
            Answers.Json("""{"__type":"com.amazonaws.swf#InvalidArn:http://internal/","message":"Bad\narn"}""", 400));

        AwsServiceException failure = await Assert.ThrowsAsync<AwsServiceException>(() => StartAsync(server));

        Assert.Equal("InvalidArn", failure.Failure.Code);
        Assert.Equal("Bad arn", failure.Failure.Text);
        Assert.Equal("request-1", failure.Failure.RequestId);
        Assert.False(failure.Failure.IsPassing);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("null")]
    [InlineData("")]
    public async Task Success_that_cannot_be_read_is_no_success(string body)
    {
        await using ScriptedServer server = new(Answers.Json(body));

        StoreUnavailableException failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => StartAsync(server));

        Assert.Contains("not the JSON", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not XML")]
    [InlineData("<DescribeSnapshotsResponse><Other/></DescribeSnapshotsResponse>")]
    [InlineData("<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/hostname\">]><DescribeSnapshotsResponse>&a;</DescribeSnapshotsResponse>")]
    public async Task XML_that_is_not_the_answer_is_no_success(string body)
    {
        await using ScriptedServer server = new(Answers.Xml(body));
        using AwsApi api = Open(AwsService.ElastiCache, server.Endpoint);

        StoreUnavailableException failure = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => new ElastiCacheClient(api).FindSnapshotAsync("s", Cancellation));

        Assert.Contains("not the XML", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_that_is_too_long_is_not_read_to_its_end()
    {
        await using ScriptedServer server = new(Answers.Xml(Described + new string(' ', 100_000)));
        using AwsApi small = Open(AwsService.ElastiCache, server.Endpoint, options => options with { MaxReplyBytes = 50_000 });
        using AwsApi large = Open(AwsService.ElastiCache, server.Endpoint, options => options with { MaxReplyBytes = 200_000 });

        AwsServiceException failure = await Assert.ThrowsAsync<AwsServiceException>(
            () => new ElastiCacheClient(small).FindSnapshotAsync("s", Cancellation));

        Assert.Contains("50000 bytes", failure.Message, StringComparison.Ordinal);
        Assert.Null(await new ElastiCacheClient(large).FindSnapshotAsync("s", Cancellation));
    }

    [Fact]
    public async Task Answer_that_never_comes_is_given_up()
    {
        await using ScriptedServer server = new(Answers.Json("{") with { PromisedLength = 100, Stalls = true });
        using AwsApi api = Open(
            AwsService.StepFunctions, server.Endpoint, options => options with { AnswerTimeout = TimeSpan.FromMilliseconds(300), Attempts = 2 });

        StoreUnavailableException failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => StartAsync(api));

        Assert.Contains("did not answer StartExecution within 0.3 s", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Connection_that_never_comes_names_the_missing_endpoint_and_is_not_waited_for_again()
    {
        // A queue of one that is full: the kernel drops further connections, as a VPC without an endpoint does.
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        using Socket waiting = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await waiting.ConnectAsync(listener.LocalEndPoint!, Cancellation);
        Uri silent = new($"http://{listener.LocalEndPoint}");
        using AwsApi api = Open(AwsService.SecretsManager, silent, options => options with { ConnectTimeout = TimeSpan.FromSeconds(2) });
        long began = TimeProvider.System.GetTimestamp();

        StoreUnavailableException failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => StartAsync(api));

        Assert.Contains("no connection within 2 s", failure.Message, StringComparison.Ordinal);
        Assert.Contains("interface endpoint for secretsmanager", failure.Message, StringComparison.Ordinal);

        // Five attempts would take ten seconds.
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task Refused_connection_names_the_missing_endpoint()
    {
        ScriptedServer gone = new(new ScriptedAnswer(200));
        Uri endpoint = gone.Endpoint;
        await gone.DisposeAsync();
        using AwsApi api = Open(AwsService.StepFunctions, endpoint);

        StoreUnavailableException failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => StartAsync(api));

        Assert.Contains("AWS_ENDPOINT_URL_SFN", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Caller_that_cancels_is_cancelled()
    {
        await using ScriptedServer server = new(Answers.Json("{") with { PromisedLength = 100, Stalls = true });
        using AwsApi api = Open(AwsService.StepFunctions, server.Endpoint);
        using CancellationTokenSource caller = new(TimeSpan.FromMilliseconds(200), TimeProvider.System);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => StartAsync(api, caller.Token));
    }

    private static async Task StartAsync(ScriptedServer server)
    {
        using AwsApi api = Open(AwsService.StepFunctions, server.Endpoint);
        await StartAsync(api);
    }

    private static Task StartAsync(AwsApi api, CancellationToken? cancellation = null)
    {
        StepFunctionsExecutions executions = new(api, StateMachineArns.Parse("arn:aws:states:us-east-1:123456789012:stateMachine:cache-backup-"));
        return executions.StartAsync(executions.IdOf("backup", "one"), "{}"u8.ToArray(), cancellation ?? Cancellation);
    }

    private static AwsApi Open(AwsService service, Uri endpoint, Func<AwsApiOptions, AwsApiOptions>? change = null)
    {
        AwsApiOptions options = Answers.Impatient(endpoint);
        return AwsApi.Open(service, change?.Invoke(options) ?? options, TimeProvider.System, new BasicAWSCredentials("test", "test"));
    }
}
