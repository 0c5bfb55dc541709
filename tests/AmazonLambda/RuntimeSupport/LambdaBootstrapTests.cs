using System.Text;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;

namespace CacheBackup.AmazonLambda.Tests.RuntimeSupport;

public sealed class LambdaBootstrapTests : IAsyncLifetime
{
    private RuntimeApiServer _api = null!;

    public async ValueTask InitializeAsync() => _api = await RuntimeApiServer.StartAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Event_reaches_the_handler_and_its_output_the_caller()
    {
        await using var function = RunningFunction.Start(_api, (order, _) => Task.FromResult(new Receipt($"{order.Count} × {order.Name}")));

        var result = await _api.InvokeAsync("""{"Name":"über & <alles>","Count":3}""");

        Assert.Equal("response", result.Kind);
        Assert.Equal("application/json", result.ContentType);
        Assert.Equal("""{"Text":"3 × über & <alles>"}""", result.Text);
    }

    [Fact]
    public async Task Invocations_in_sequence_are_each_answered_once_and_in_order()
    {
        await using var function = RunningFunction.Start(_api, (order, _) => Task.FromResult(new Receipt(order.Name)));

        for (var i = 0; i < 20; i++)
        {
            _api.Queue(new RuntimeInvocation($"r{i}", Encoding.UTF8.GetBytes($$"""{"Name":"n{{i}}","Count":1}""")));
        }

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal($$"""{"Text":"n{{i}}"}""", (await _api.ResultAsync($"r{i}")).Text);
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"response r{i}"), _api.Calls);
    }

    [Fact]
    public async Task Error_of_a_handler_is_sent_with_its_short_type_name_and_the_loop_lives_on()
    {
        await using var function = RunningFunction.Start(_api, (order, _) => order.Count == 0
            ? throw new ShelfEmptyException("no \"apples\"\nleft")
            : Task.FromResult(new Receipt("sold")));

        var failed = await _api.InvokeAsync("""{"Name":"apples","Count":0}""", "a");
        var served = await _api.InvokeAsync("""{"Name":"apples","Count":1}""", "b");

        Assert.Equal("error", failed.Kind);
        Assert.Equal("ShelfEmptyException", failed.ErrorTypeHeader);
        Assert.Equal("application/vnd.aws.lambda.error+json", failed.ContentType);
        Assert.Equal("ShelfEmptyException", failed.Json.GetProperty("errorType").GetString());
        Assert.Equal("no \"apples\"\nleft", failed.Json.GetProperty("errorMessage").GetString());
        Assert.Contains(nameof(LambdaBootstrapTests), failed.Json.GetProperty("stackTrace")[0].GetString());
        Assert.Equal("""{"Text":"sold"}""", served.Text);
    }

    [Fact]
    public async Task Error_thrown_after_an_await_is_sent_like_any_other()
    {
        await using var function = RunningFunction.Start(_api, async (_, _) =>
        {
            await Task.Yield();
            throw new ShelfEmptyException("later");
        });

        Assert.Equal("ShelfEmptyException", (await _api.InvokeAsync("""{"Name":"x","Count":1}""")).Json.GetProperty("errorType").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"Name":"x","Count":"many"}""")]
    [InlineData("[1]")]
    [InlineData("\"\\ud800\"")]
    public async Task Malformed_event_is_an_error_of_its_invocation_and_the_loop_lives_on(string payload)
    {
        var called = 0;
        await using var function = RunningFunction.Start(_api, (_, _) => Task.FromResult(new Receipt($"{++called}")));

        var failed = await _api.InvokeAsync(payload, "a");
        var served = await _api.InvokeAsync("""{"Name":"x","Count":1}""", "b");

        Assert.Equal("JsonSerializerException", failed.Json.GetProperty("errorType").GetString());
        Assert.Equal("""{"Text":"1"}""", served.Text);
    }

    [Fact]
    public async Task Event_and_response_of_six_megabytes_pass_unchanged()
    {
        var payload = new byte[6_291_556];
        new Random(20).NextBytes(payload);
        await using var function = RunningFunction.Start(_api, LambdaBootstrapBuilder.Create((Func<Stream, ILambdaContext, Task<Stream>>)(async (input, _) =>
        {
            var output = new MemoryStream();
            await input.CopyToAsync(output);
            output.Position = 0;
            return output;
        })));

        _api.Queue(new RuntimeInvocation("large", payload));

        var result = await _api.ResultAsync("large");
        Assert.True(payload.AsSpan().SequenceEqual(result.Body));
    }

    [Fact]
    public async Task Initializer_runs_once_before_the_first_invocation()
    {
        var steps = new List<string>();
        await using var function = RunningFunction.Start(_api, LambdaBootstrapBuilder
            .Create<Order, Receipt>(
                order =>
                {
                    steps.Add(order.Name);
                    return new Receipt("ok");
                },
                RunningFunction.Serializer)
            .UseBootstrapHandler(() =>
            {
                steps.Add("init");
                return Task.FromResult(true);
            }));

        await _api.InvokeAsync("""{"Name":"a"}""", "a");
        await _api.InvokeAsync("""{"Name":"b"}""", "b");

        Assert.Equal(["init", "a", "b"], steps);
    }

    [Fact]
    public async Task Initializer_that_fails_is_reported_and_ends_the_process()
    {
        await using var function = RunningFunction.Start(_api, LambdaBootstrapBuilder
            .Create<Order, Receipt>(_ => new Receipt("never"), RunningFunction.Serializer)
            .UseBootstrapHandler(() => throw new ShelfEmptyException("no shelf")));

        await Assert.ThrowsAsync<ShelfEmptyException>(function.EndAsync);

        var error = (await _api.ResultAsync("init")).Json;
        Assert.Equal("ShelfEmptyException", error.GetProperty("errorType").GetString());
        Assert.Equal("no shelf", error.GetProperty("errorMessage").GetString());
        Assert.NotEqual(0, error.GetProperty("stackTrace").GetArrayLength());
        Assert.Equal(["init error"], _api.Calls);
        Assert.Equal(0, _api.NextRequests);
    }

    [Fact]
    public async Task Initializer_that_says_no_ends_the_process_without_an_error()
    {
        await using var function = RunningFunction.Start(_api, LambdaBootstrapBuilder
            .Create<Order, Receipt>(_ => new Receipt("never"), RunningFunction.Serializer)
            .UseBootstrapHandler(() => Task.FromResult(false)));

        await function.EndAsync();

        Assert.Empty(_api.Calls);
        Assert.Equal(0, _api.NextRequests);
    }

    [Fact]
    public async Task Failing_api_ends_the_process_when_it_is_asked_for_the_next_event()
    {
        _api.NextStatus = 500;
        await using var function = RunningFunction.Start(_api, (_, _) => Task.FromResult(new Receipt("never")));

        var exception = await Assert.ThrowsAsync<RuntimeApiClientException>(function.EndAsync);

        Assert.Equal(500, exception.StatusCode);
        Assert.Equal(1, _api.NextRequests);
    }

    [Fact]
    public async Task Failing_api_ends_the_process_when_it_gets_a_response()
    {
        _api.ResponseStatus = 500;
        await using var function = RunningFunction.Start(_api, (_, _) => Task.FromResult(new Receipt("lost")));

        _api.Queue(new RuntimeInvocation("a", "{}"u8.ToArray()));

        Assert.Equal(500, (await Assert.ThrowsAsync<RuntimeApiClientException>(function.EndAsync)).StatusCode);
        Assert.Equal(["response a"], _api.Calls);
    }

    [Fact]
    public async Task Failing_api_ends_the_process_when_it_gets_an_error()
    {
        _api.ErrorStatus = 500;
        await using var function = RunningFunction.Start(_api, (_, _) => throw new ShelfEmptyException("x"));

        _api.Queue(new RuntimeInvocation("a", "{}"u8.ToArray()));

        Assert.Equal(500, (await Assert.ThrowsAsync<RuntimeApiClientException>(function.EndAsync)).StatusCode);
        Assert.Equal(["error a"], _api.Calls);
    }

    [Fact]
    public async Task Cancellation_ends_the_wait_for_an_event()
    {
        await using var function = RunningFunction.Start(_api, (_, _) => Task.FromResult(new Receipt("ok")));
        await _api.InvokeAsync("{}");

        await function.StopAsync();
        await function.EndAsync();

        Assert.Equal(["response request-1"], _api.Calls);
    }

    [Fact]
    public async Task Wait_for_an_event_may_take_hours_and_is_begun_again_after_its_time_out()
    {
        using var lastsForever = new TimesOutFirst();
        using var client = new HttpClient(lastsForever);
        await using var function = RunningFunction.Start(_api, LambdaBootstrapBuilder
            .Create<Order, Receipt>(order => new Receipt(order.Name), RunningFunction.Serializer)
            .UseHttpClient(client));

        var result = await _api.InvokeAsync("""{"Name":"after the time-out"}""");

        Assert.Equal("""{"Text":"after the time-out"}""", result.Text);
        Assert.True(client.Timeout >= TimeSpan.FromHours(1), $"{client.Timeout}");
        Assert.True(lastsForever.TimedOut);
    }

    private sealed class TimesOutFirst() : DelegatingHandler(new SocketsHttpHandler())
    {
        public bool TimedOut { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (TimedOut)
            {
                return base.SendAsync(request, cancellationToken);
            }

            TimedOut = true;
            throw new TaskCanceledException("The request was canceled due to the configured HttpClient.Timeout.", new TimeoutException());
        }
    }
}
