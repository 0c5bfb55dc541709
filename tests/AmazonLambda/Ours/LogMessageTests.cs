using Amazon.Lambda.RuntimeSupport;

namespace CacheBackup.AmazonLambda.Tests.Ours;

public sealed class LogMessageTests
{
    public static TheoryData<string, object?[], string> Templates => new()
    {
        { "{a} and {b}", [1, "x"], "1 and x" },
        { "{1} before {0}", ["a", "b"], "b before a" },
        { "{a:0.00}|{b:X4}", [1.5, 255], "1.50|00FF" },
        { "{@a}", ["x"], "x" },
        { "{{a}} {b}", ["x"], "{a} x" },
        { "{a} {b}", ["only"], "only {b}" },
        { "{a", ["x"], "{a" },
        { "} {} {a}", ["x"], "} {} x" },
        { "{a:nonsense%%}", [TimeSpan.FromSeconds(1)], "00:00:01" },
        { "{a}", [null], string.Empty },
        { "no place", ["x"], "no place" },
        { "{99999999999}", ["x"], "x" },
        { "{7}", ["x"], "{7}" },
    };

    [Theory]
    [MemberData(nameof(Templates))]
    public void Template_is_filled_in_order_and_never_fails(string template, object?[] arguments, string expected) =>
        Assert.Equal(expected, LogMessage.Render(template, arguments).Text);

    [Fact]
    public void Template_without_arguments_is_taken_literally() =>
        Assert.Equal("""{"a":{{1}}}""", LogMessage.Render("""{"a":{{1}}}""", []).Text);

    [Fact]
    public void Values_are_spelled_the_same_on_every_machine()
    {
        var when = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        Assert.Equal("1.5 2026-01-02T03:04:05.0000000+00:00", LogMessage.Render("{a} {b}", [1.5m, when]).Text);
    }
}
