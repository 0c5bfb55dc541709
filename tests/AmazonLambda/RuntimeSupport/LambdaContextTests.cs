using Amazon.Lambda.Core;

namespace CacheBackup.AmazonLambda.Tests.RuntimeSupport;

public sealed class LambdaContextTests : IAsyncLifetime
{
    private const string TraceVariable = "_X_AMZN_TRACE_ID";

    private RuntimeApiServer _api = null!;

    public async ValueTask InitializeAsync() => _api = await RuntimeApiServer.StartAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Context_tells_the_invocation_and_the_function_whatever_the_case_of_the_headers(bool lowerCase)
    {
        using var environment = new EnvironmentScope(
            ("AWS_LAMBDA_FUNCTION_NAME", "Snapshot"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "7"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769"),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/Snapshot"),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "2026/01/01/[7]abc"),
            ("AWS_LAMBDA_DOTNET_DISABLE_MEMORY_LIMIT_CHECK", "true"));
        ILambdaContext? seen = null;
        await using var function = RunningFunction.Start(_api, (_, context) =>
        {
            seen = context;
            return Task.FromResult(new Receipt("ok"));
        });

        _api.Queue(new RuntimeInvocation("id-1", "{}"u8.ToArray())
        {
            Headers = new Dictionary<string, string>
            {
                ["Lambda-Runtime-Invoked-Function-Arn"] = "arn:aws:lambda:eu-central-1:123456789012:function:Snapshot:7",
                ["Lambda-Runtime-Trace-Id"] = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1",
                ["Lambda-Runtime-Client-Context"] = """{"client":{"app_title":"Shop","installation_id":"i"},"custom":{"a":"1"},"env":{"locale":"de"}}""",
                ["Lambda-Runtime-Cognito-Identity"] = """{"cognitoIdentityId":"id","cognitoIdentityPoolId":"pool"}""",
            }.ToDictionary(header => lowerCase ? header.Key.ToLowerInvariant() : header.Key, header => header.Value),
        });
        await _api.ResultAsync("id-1");

        Assert.NotNull(seen);
        Assert.Equal("id-1", seen.AwsRequestId);
        Assert.Equal("arn:aws:lambda:eu-central-1:123456789012:function:Snapshot:7", seen.InvokedFunctionArn);
        Assert.Equal("Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1", seen.TraceId);
        Assert.Equal(("Snapshot", "7", 1769), (seen.FunctionName, seen.FunctionVersion, seen.MemoryLimitInMB));
        Assert.Equal(("/aws/lambda/Snapshot", "2026/01/01/[7]abc"), (seen.LogGroupName, seen.LogStreamName));
        Assert.Equal(("Shop", "i", null), (seen.ClientContext.Client.AppTitle, seen.ClientContext.Client.InstallationId, seen.ClientContext.Client.AppPackageName));
        Assert.Equal(("1", "de"), (seen.ClientContext.Custom["a"], seen.ClientContext.Environment["locale"]));
        Assert.Equal(("id", "pool"), (seen.Identity.IdentityId, seen.Identity.IdentityPoolId));
        Assert.NotNull(seen.Serializer);
    }

    [Fact]
    public async Task Members_that_the_caller_did_not_send_are_empty()
    {
        ILambdaContext? seen = null;
        await using var function = RunningFunction.Start(_api, (_, context) =>
        {
            seen = context;
            return Task.FromResult(new Receipt("ok"));
        });

        await _api.InvokeAsync("{}");

        Assert.NotNull(seen);
        Assert.True(string.IsNullOrEmpty(seen.TraceId));
        Assert.Null(seen.Identity.IdentityId);
        Assert.NotNull(seen.ClientContext);
    }

    [Fact]
    public async Task Remaining_time_is_the_time_until_the_deadline_and_falls()
    {
        var readings = new List<TimeSpan>();
        await using var function = RunningFunction.Start(_api, async (_, context) =>
        {
            readings.Add(context.RemainingTime);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            readings.Add(context.RemainingTime);
            return new Receipt("ok");
        });

        await _api.InvokeAsync("{}", deadlineMs: TimeProvider.System.GetUtcNow().AddMinutes(15).ToUnixTimeMilliseconds());

        Assert.InRange(readings[0], TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));
        Assert.True(readings[1] < readings[0]);
    }

    [Fact]
    public async Task Trace_id_stands_in_the_environment_for_its_own_invocation_alone()
    {
        using var environment = new EnvironmentScope((TraceVariable, "from before"));
        var seen = new List<string?>();
        await using var function = RunningFunction.Start(_api, (_, _) =>
        {
            seen.Add(Environment.GetEnvironmentVariable(TraceVariable));
            return Task.FromResult(new Receipt("ok"));
        });

        await _api.InvokeAsync("{}", "a", traceId: "Root=1-a");
        await _api.InvokeAsync("{}", "b", traceId: "Root=1-b");
        await _api.InvokeAsync("{}", "c");

        Assert.Equal(["Root=1-a", "Root=1-b", null], seen);
    }
}
