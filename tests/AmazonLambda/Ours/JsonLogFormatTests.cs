using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;

namespace CacheBackup.AmazonLambda.Tests.Ours;

public sealed class JsonLogFormatTests
{
    [Fact]
    public void Argument_named_like_a_member_of_the_format_does_not_take_its_place()
    {
        var json = Format("{message} {level} {keys} {keys}", "evil", "none", 1, 2);

        Assert.Equal("evil none 1 2", json.GetProperty("message").GetString());
        Assert.Equal("Warning", json.GetProperty("level").GetString());
        Assert.Equal(1, json.GetProperty("keys").GetInt32());
        Assert.Equal(json.EnumerateObject().Select(member => member.Name).Distinct(), json.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public void Numbers_and_booleans_stay_what_they_are_and_all_else_is_text()
    {
        var json = Format(
            "{long} {ulong} {decimal} {double} {nan} {bool} {time} {none}", long.MinValue, ulong.MaxValue, 1.10m, 0.5, double.NaN, false, TimeSpan.FromHours(1), null);

        Assert.Equal(long.MinValue, json.GetProperty("long").GetInt64());
        Assert.Equal(ulong.MaxValue, json.GetProperty("ulong").GetUInt64());
        Assert.Equal(1.10m, json.GetProperty("decimal").GetDecimal());
        Assert.Equal(0.5, json.GetProperty("double").GetDouble());
        Assert.Equal("NaN", json.GetProperty("nan").GetString());
        Assert.False(json.GetProperty("bool").GetBoolean());
        Assert.Equal("01:00:00", json.GetProperty("time").GetString());
        Assert.False(json.TryGetProperty("none", out _));
    }

    [Fact]
    public void Outside_of_an_invocation_there_is_no_request_id() =>
        Assert.False(Format("starting").TryGetProperty("requestId", out _));

    private static JsonElement Format(string template, params object?[] arguments)
    {
        var line = new JsonLogFormat().Format(
            new LogRecord(DateTimeOffset.UnixEpoch, LogLevel.Warning, null, LogMessage.Render(template, arguments), null));
        Assert.DoesNotContain('\n', line);
        return JsonDocument.Parse(line).RootElement;
    }
}
