using System.Text.Json;
using Amazon.Lambda.Core;

namespace CacheBackup.AmazonLambda.Tests.RuntimeSupport;

public sealed class LambdaLoggingTests : IAsyncLifetime
{
    private RuntimeApiServer _api = null!;

    public async ValueTask InitializeAsync() => _api = await RuntimeApiServer.StartAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Text_format_puts_time_request_level_and_message_between_tabs()
    {
        var lines = await LogOfAsync("Text", "INFO", logger => logger.LogWarning("{done} of {total}", 3, 4));

        var parts = Assert.Single(lines).Split('\t');
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", parts[0]);
        Assert.Equal(["request-1", "warn", "3 of 4"], parts[1..]);
    }

    [Fact]
    public async Task Json_format_is_one_object_a_line_with_the_arguments_as_members()
    {
        var lines = await LogOfAsync("JSON", "INFO", logger =>
        {
            logger.LogInformation("{backup} has {keys} keys: {complete}", "nightly", 7_000_000_000, true);
            logger.LogError("two\nlines and a \"quote\"");
        });

        Assert.Equal(2, lines.Count);
        var first = JsonDocument.Parse(lines[0]).RootElement;
        Assert.Equal("nightly has 7000000000 keys: True", first.GetProperty("message").GetString());
        Assert.Equal("Information", first.GetProperty("level").GetString());
        Assert.Equal("request-1", first.GetProperty("requestId").GetString());
        Assert.Equal("Root=1-t", first.GetProperty("traceId").GetString());
        Assert.Equal("nightly", first.GetProperty("backup").GetString());
        Assert.Equal(7_000_000_000, first.GetProperty("keys").GetInt64());
        Assert.True(first.GetProperty("complete").GetBoolean());
        Assert.True(first.GetProperty("timestamp").TryGetDateTimeOffset(out _));
        var second = JsonDocument.Parse(lines[1]).RootElement;
        Assert.Equal("two\nlines and a \"quote\"", second.GetProperty("message").GetString());
        Assert.Equal("Error", second.GetProperty("level").GetString());
    }

    [Fact]
    public async Task Json_format_writes_an_exception_into_members_of_its_own()
    {
        var lines = await LogOfAsync("JSON", "INFO", logger => logger.LogCritical(new ShelfEmptyException("gone"), "shelf {number}", 5));

        var line = JsonDocument.Parse(Assert.Single(lines)).RootElement;
        Assert.Equal("shelf 5", line.GetProperty("message").GetString());
        Assert.Equal(typeof(ShelfEmptyException).FullName, line.GetProperty("errorType").GetString());
        Assert.Equal("gone", line.GetProperty("errorMessage").GetString());
        Assert.Contains("gone", line.GetProperty("stackTrace")[0].GetString());
    }

    [Theory]
    [InlineData("TRACE", 6)]
    [InlineData("DEBUG", 5)]
    [InlineData("INFO", 4)]
    [InlineData("WARN", 3)]
    [InlineData("ERROR", 2)]
    [InlineData("FATAL", 1)]
    [InlineData(null, 4)]
    [InlineData("loud", 4)]
    public async Task Messages_below_the_configured_level_are_left_out(string? level, int written)
    {
        var lines = await LogOfAsync("JSON", level, logger =>
        {
            logger.LogTrace("a");
            logger.LogDebug("b");
            logger.LogInformation("c");
            logger.LogWarning("d");
            logger.LogError("e");
            logger.LogCritical("f");
        });

        Assert.Equal(
            new[] { "f", "e", "d", "c", "b", "a" }.Take(written).Reverse(),
            lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Failure_of_a_handler_is_logged_once_with_its_request()
    {
        var lines = await LogOfAsync("JSON", "INFO", _ => throw new ShelfEmptyException("gone"));

        var line = JsonDocument.Parse(Assert.Single(lines)).RootElement;
        Assert.Equal("Error", line.GetProperty("level").GetString());
        Assert.Equal("request-1", line.GetProperty("requestId").GetString());
        Assert.Equal("gone", line.GetProperty("errorMessage").GetString());
    }

    private async Task<IReadOnlyList<string>> LogOfAsync(string format, string? level, Action<ILambdaLogger> write)
    {
        using var environment = new EnvironmentScope(("AWS_LAMBDA_LOG_FORMAT", format), ("AWS_LAMBDA_LOG_LEVEL", level));
        var console = Console.Out;
        var log = new StringWriter();
        Console.SetOut(log);
        try
        {
            await using var function = RunningFunction.Start(_api, (_, context) =>
            {
                write(context.Logger);
                return Task.FromResult(new Receipt("ok"));
            });
            await _api.InvokeAsync("{}", traceId: "Root=1-t");
        }
        finally
        {
            Console.SetOut(console);
        }

        return log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
