using System.Net;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.AmazonLambda.Tests.Ours;

/// <summary>What our bootstrap promises where Amazon's ends the process, or says nothing.</summary>
public sealed class LambdaBootstrapPromisesTests : IAsyncLifetime
{
    private readonly StringWriter _log = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private RuntimeApiServer _api = null!;

    public async ValueTask InitializeAsync() => _api = await RuntimeApiServer.StartAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Response_above_the_limit_becomes_the_error_of_its_invocation_and_the_loop_lives_on()
    {
        _api.ResponseStatus = 413;
        await using var function = StartPlain((order, _) => new Receipt(order.Name));

        var refused = await _api.InvokeAsync("""{"Name":"large"}""", "a");
        _api.ResponseStatus = 202;
        var served = await _api.InvokeAsync("""{"Name":"small"}""", "b");

        Assert.Equal("Function.ResponseSizeTooLarge", refused.Json.GetProperty("errorType").GetString());
        Assert.Equal("Function.ResponseSizeTooLarge", refused.ErrorTypeHeader);
        Assert.Equal("""{"Text":"small"}""", served.Text);
        Assert.Equal(["response a", "error a", "response b"], _api.Calls);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    public async Task Refused_result_is_logged_and_the_loop_lives_on(int status)
    {
        _api.ResponseStatus = status;
        await using var function = StartPlain((order, _) => new Receipt(order.Name));

        _api.Queue(new RuntimeInvocation("a", "{}"u8.ToArray()));
        await UntilAsync(() => _api.NextRequests == 2);
        _api.ResponseStatus = 202;
        await _api.InvokeAsync("{}", "b");

        Assert.Equal(["response a", "response b"], _api.Calls);
        Assert.Contains($"status {status}", _log.ToString());
    }

    [Fact]
    public async Task Cancellation_under_way_lets_the_handler_finish_and_sends_its_response()
    {
        var started = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var function = Start(async (_, _) =>
        {
            started.SetResult();
            await release.Task;
            return new Receipt("finished");
        });

        var answer = _api.InvokeAsync("{}");
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await function.StopAsync();
        release.SetResult();
        await function.EndAsync();

        Assert.Equal("""{"Text":"finished"}""", (await answer).Text);
        Assert.Equal(1, _api.NextRequests);
    }

    [Fact]
    public async Task Cancellation_inside_a_handler_is_that_handlers_error()
    {
        await using var function = StartPlain((_, _) => throw new OperationCanceledException("too late"));

        Assert.Equal("OperationCanceledException", (await _api.InvokeAsync("{}")).Json.GetProperty("errorType").GetString());
    }

    [Fact]
    public async Task Remaining_time_follows_the_clock_to_the_millisecond_and_below_zero()
    {
        var seen = new List<TimeSpan>();
        await using var function = StartPlain((_, context) =>
        {
            seen.Add(context.RemainingTime);
            _time.Advance(TimeSpan.FromMilliseconds(1501));
            seen.Add(context.RemainingTime);
            return new Receipt("ok");
        });

        await _api.InvokeAsync("{}", deadlineMs: _time.GetUtcNow().ToUnixTimeMilliseconds() + 1500);

        Assert.Equal([TimeSpan.FromMilliseconds(1500), TimeSpan.FromMilliseconds(-1)], seen);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("99999999999999999")]
    public async Task Invocation_without_a_readable_deadline_has_the_longest_time_that_any_may_have(string? deadline)
    {
        var seen = TimeSpan.Zero;
        await using var function = StartPlain((_, context) =>
        {
            seen = context.RemainingTime;
            return new Receipt("ok");
        });

        _api.Queue(new RuntimeInvocation("a", "{}"u8.ToArray())
        {
            Headers = deadline is null ? [] : new Dictionary<string, string> { ["Lambda-Runtime-Deadline-Ms"] = deadline },
        });
        await _api.ResultAsync("a");

        Assert.Equal(TimeSpan.FromMinutes(15), seen);
    }

    [Fact]
    public async Task Error_type_with_letters_outside_ascii_keeps_them_in_the_body()
    {
        await using var function = StartPlain((_, _) => throw new RegalLeerAusÄpfelnException("x"));

        var error = await _api.InvokeAsync("{}");

        Assert.Equal("RegalLeerAus?pfelnException", error.ErrorTypeHeader);
        Assert.Equal(nameof(RegalLeerAusÄpfelnException), error.Json.GetProperty("errorType").GetString());
    }

    [Fact]
    public async Task Proxy_of_the_environment_does_not_carry_the_runtime_api()
    {
        var proxy = new CountingProxy();
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = proxy;
        try
        {
            await using var function = RunningFunction.Start(_api, (_, _) => Task.FromResult(new Receipt("direct")));

            Assert.Equal("""{"Text":"direct"}""", (await _api.InvokeAsync("{}")).Text);
            Assert.Equal(0, proxy.Asked);
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }

    [Fact]
    public void Outside_of_lambda_the_bootstrap_says_what_to_run_instead()
    {
        using var environment = new EnvironmentScope(("AWS_LAMBDA_RUNTIME_API", null));

        var exception = Assert.Throws<InvalidOperationException>(
            () => LambdaBootstrapBuilder.Create<Order, Receipt>(_ => new Receipt("x"), RunningFunction.Serializer).Build());

        Assert.Contains("AWS_LAMBDA_RUNTIME_API", exception.Message);
        Assert.Contains("cache-backup serve", exception.Message);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
        }
    }

    private RunningFunction StartPlain(Func<Order, ILambdaContext, Receipt> handler) =>
        Start((order, context) => Task.FromResult(handler(order, context)));

    private RunningFunction Start(Func<Order, ILambdaContext, Task<Receipt>> handler) => new(new LambdaBootstrap(
        new HttpClient(),
        HandlerWrapper.GetHandlerWrapper(handler, RunningFunction.Serializer),
        new LambdaEnvironment { RuntimeApi = _api.Endpoint },
        new LogOutput(_log, new TextLogFormat(), LogLevel.Information, _time),
        _time));

    private sealed class RegalLeerAusÄpfelnException(string message) : Exception(message);

    private sealed class CountingProxy : IWebProxy
    {
        public int Asked { get; private set; }

        public ICredentials? Credentials { get; set; }

        public Uri GetProxy(Uri destination)
        {
            Asked++;
            return destination;
        }

        public bool IsBypassed(Uri host)
        {
            Asked++;
            return true;
        }
    }
}
