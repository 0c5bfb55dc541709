using System.Globalization;
using System.Text.Json;
using CacheBackup.AmazonLambda.Tests;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Functions;
using CacheBackup.Functions.Api;

namespace CacheBackup.Bootstrap.Tests;

/// <summary>One function at a time: errors, deadlines and sizes, as the Runtime API sees them.</summary>
[Trait("Category", "Server")]
public sealed class InvocationTests(PublishedBinary binary, MotoServer moto)
{
    private const int LambdaPayloadBytes = 6 * 1024 * 1024;
    private static readonly TimeSpan Ample = TimeSpan.FromMinutes(5);

    public static TheoryData<string> Functions => [.. new FunctionTable(new MemoryService(TimeProvider.System).Parts).Entries.Keys.Order()];

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task Event_that_is_none_of_the_functions_is_refused_by_name_and_the_next_one_is_served(string function)
    {
        await using FunctionProcess process = await StartAsync(function, "none");
        for (int round = 0; round < 2; round++)
        {
            RuntimeResult result = await process.InvokeAsync("null", Ample);
            Assert.Equal("error", result.Kind);
            Assert.Equal("InvalidRequestException", result.Json.GetProperty("errorType").GetString());
            Assert.Equal("InvalidRequestException", result.ErrorTypeHeader);
            Assert.Contains("is asked for", result.Json.GetProperty("errorMessage").GetString(), StringComparison.Ordinal);
        }

        Assert.False(process.HasExited);
    }

    [Fact]
    public async Task Function_at_its_deadline_stops_with_an_error_of_its_own_and_lives_on()
    {
        await using MotoStack stack = await MotoStack.CreateAsync(await moto.EndpointAsync());
        await using FunctionProcess process = await FunctionProcess.StartAsync(binary.Path, "PlanBackups", stack.Variables);
        string tick = $$"""{"execution":"arn:aws:states:{{Settings.Region}}:{{Settings.Account}}:execution:{{stack.Name}}-schedule:tick"}""";

        RuntimeResult late = await process.InvokeAsync(tick, TimeSpan.FromSeconds(4));
        Assert.Equal("OutOfTimeException", late.Json.GetProperty("errorType").GetString());
        Assert.Contains("PlanBackups", late.Json.GetProperty("errorMessage").GetString(), StringComparison.Ordinal);

        RuntimeResult next = await process.InvokeAsync(tick, Ample);
        Assert.True(next.Kind == "response", next.Text);
    }

    [Fact]
    public async Task Response_that_is_too_large_becomes_an_error_and_the_function_lives_on()
    {
        await using FunctionProcess process = await StartAsync("Api", "size");
        process.Api.ResponseStatus = 413;
        RuntimeResult refused = await process.InvokeAsync(ProxyEvent.Of("GET", "/openapi.json"), Ample);
        Assert.Equal("error", refused.Kind);
        Assert.Contains("ResponseSizeTooLarge", refused.Json.GetProperty("errorType").GetString(), StringComparison.Ordinal);

        process.Api.ResponseStatus = 202;
        Assert.Equal(200, (await process.InvokeAsync(ProxyEvent.Of("GET", "/health"), Ample)).Json.GetProperty("statusCode").GetInt32());
    }

    [Fact]
    public async Task Largest_event_that_Lambda_hands_out_is_read_and_refused_by_the_api_as_too_large()
    {
        await using FunctionProcess process = await StartAsync("Api", "size");
        string request = ProxyEvent.Of("POST", "/caches", new string('x', LambdaPayloadBytes - 1024));
        JsonElement answer = (await process.InvokeAsync(request, Ample)).Json;
        Assert.Equal(413, answer.GetProperty("statusCode").GetInt32());
        Assert.Contains(
            Router.MaxBodyBytes.ToString(CultureInfo.InvariantCulture), answer.GetProperty("body").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Largest_answer_of_the_api_stays_far_below_what_Lambda_sends()
    {
        await using FunctionProcess process = await StartAsync("Api", "size");
        RuntimeResult description = await process.InvokeAsync(ProxyEvent.Of("GET", "/openapi.json"), Ample);
        Assert.InRange(description.Body.Length, 10_000, LambdaPayloadBytes / 10);
    }

    private Task<FunctionProcess> StartAsync(string function, string stack) =>
        FunctionProcess.StartAsync(binary.Path, function, Settings.Of(stack));
}
