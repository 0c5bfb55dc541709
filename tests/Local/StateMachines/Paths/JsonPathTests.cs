using System.Text.Json;
using CacheBackup.Local.StateMachines;
using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.Tests.StateMachines.Paths;

public sealed class JsonPathTests
{
    private const string Document = """{ "a": { "b c": [10, 20, { "d": null }], "e-f": 1.50, "é": 2 }, "list": [{ "n": 1 }, { "m": 2 }, { "n": 3 }], "it's": 7, "s": "x" }""";

    [Theory]
    [InlineData("$.a['b c'][0]", "10")]
    [InlineData("$.a[\"b c\"][-1].d", "null")]
    [InlineData("$['a']['e-f']", "1.50")]
    [InlineData("$.a.e-f", "1.50")]
    [InlineData("$.a.é", "2")]
    [InlineData(@"$['it\'s']", "7")]
    [InlineData("$.list[*].n", "[1,3]")]
    [InlineData("$.list.*.m", "[2]")]
    [InlineData("$.list[*]", """[{"n": 1},{"m": 2},{"n": 3}]""")]
    [InlineData("$.s[*]", "[]")]
    [InlineData("$.a['b c'][2].*", "[null]")]
    public void Path_selects(string path, string expected)
    {
        Assert.True(JsonPath.Parse(path).TrySelect(JsonElement.Parse(Document), out JsonElement value));
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), value), value.GetRawText());
    }

    [Theory]
    [InlineData("$.gone")]
    [InlineData("$.a.gone.far")]
    [InlineData("$.a['b c'][3]")]
    [InlineData("$.a['b c'][-4]")]
    [InlineData("$.a[0]")]
    [InlineData("$.s.length")]
    [InlineData("$.gone[*]")]
    public void Path_that_selects_nothing_says_so(string path) =>
        Assert.False(JsonPath.Parse(path).TrySelect(JsonElement.Parse(Document), out _));

    [Theory]
    [InlineData("a")]
    [InlineData("$a")]
    [InlineData("$.")]
    [InlineData("$..a")]
    [InlineData("$.a[")]
    [InlineData("$.a[]")]
    [InlineData("$.a['b]")]
    [InlineData("$.a['b'")]
    [InlineData("$.a[1:2]")]
    [InlineData("$.a[0,1]")]
    [InlineData("$.a['b','c']")]
    [InlineData("$.a[?(@.b)]")]
    [InlineData("$.a[99999999999]")]
    [InlineData("$.a b")]
    [InlineData("$.a.length()")]
    public void Path_outside_the_part_is_refused(string path) => Assert.Throws<PathSyntaxException>(() => JsonPath.Parse(path));

    [Theory]
    [InlineData("$.x", """{"a":1}""", """{"a":1,"x":"v"}""")]
    [InlineData("$.a", """{"a":1,"b":2}""", """{"b":2,"a":"v"}""")]
    [InlineData("$.x.y.z", """{"x":{"k":1}}""", """{"x":{"k":1,"y":{"z":"v"}}}""")]
    [InlineData("$", """{"a":1}""", "\"v\"")]
    [InlineData("$['odd name'].y", "{}", """{"odd name":{"y":"v"}}""")]
    public void Result_is_put_into_the_input(string path, string input, string expected)
    {
        JsonElement put = ReferencePath.Parse(path).Put(JsonElement.Parse(input), JsonElement.Parse("\"v\""));
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), put), put.GetRawText());
    }

    [Theory]
    [InlineData("$.a.b", """{"a":5}""")]
    [InlineData("$.a", "[1]")]
    [InlineData("$.a", "null")]
    public void Result_that_has_no_place_fails(string path, string input)
    {
        StateFailedException failed = Assert.Throws<StateFailedException>(
            () => ReferencePath.Parse(path).Put(JsonElement.Parse(input), JsonElement.Parse("1")));
        Assert.Equal("States.ResultPathMatchFailure", failed.Error);
    }
}
