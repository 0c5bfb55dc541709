using System.Text.Json;
using CacheBackup.Local.StateMachines;
using CacheBackup.Local.StateMachines.Intrinsics;
using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.Tests.StateMachines.Intrinsics;

public sealed class IntrinsicTests
{
    private const string Data = """{ "s": "x", "n": 1.5, "t": true, "z": null, "o": {"k":[1,"y"],"l":{}}, "l": [1,2,3], "dots": "a.b, c", "q": "it's {}", "text": "{\"a\":[1]}", "big": 2147483647 }""";

    [Theory]
    [InlineData("States.Format('{} {} {} {}', $.s, $.n, $.t, $.z)", "\"x 1.5 true null\"")]
    [InlineData("States.Format('{}', $.o)", "\"{k=[1, y], l={}}\"")]
    [InlineData(@"States.Format('it\'s \{\} a \\ {}', $.s)", @"""it's {} a \\ x""")]
    [InlineData("States.Format($.q, 'v')", "\"it's v\"")]
    [InlineData("States.Format('{}{}', States.ArrayLength($.l), States.ArrayGetItem(States.Array($.s, 'b'), 1))", "\"3b\"")]
    [InlineData("States.Format('a, b) {}', $.s)", "\"a, b) x\"")]
    [InlineData("States.Array()", "[]")]
    [InlineData(@"States.Array(null, true, false, -1.5e2, 'a\'b', $['dots'])", """[null,true,false,-1.5e2,"a'b","a.b, c"]""")]
    [InlineData("States.Array( $.s , 'y' )", """["x","y"]""")]
    [InlineData("States.StringToJson($.text)", """{"a":[1]}""")]
    [InlineData("States.JsonToString($.o)", """ "{\"k\":[1,\"y\"],\"l\":{}}" """)]
    [InlineData("States.JsonMerge($.o, States.StringToJson('{\"k\":0,\"w\":1}'), false)", """{"k":0,"l":{},"w":1}""")]
    [InlineData("States.ArrayPartition($.l, 2)", "[[1,2],[3]]")]
    [InlineData("States.ArrayContains($.l, 2)", "true")]
    [InlineData("States.ArrayContains($.l, '2')", "false")]
    [InlineData("States.ArrayRange(1, 9, 2)", "[1,3,5,7,9]")]
    [InlineData("States.ArrayRange(1, 8, 2)", "[1,3,5,7]")]
    [InlineData("States.ArrayRange(5, 1, -2)", "[5,3,1]")]
    [InlineData("States.ArrayRange(5, 1, 2)", "[]")]
    [InlineData("States.ArrayRange(3, 3, -1)", "[3]")]
    [InlineData("States.ArrayUnique(States.Array(1, 1.0, '1', $.o, $.o))", """[1,"1",{"k":[1,"y"],"l":{}}]""")]
    [InlineData("States.MathAdd($.n, 1)", "3")]
    [InlineData("States.MathAdd(-1.5, 0)", "-1")]
    [InlineData("States.MathAdd(0.4, -0.4)", "0")]
    [InlineData("States.StringSplit('a,,b,', ',')", """["a","b"]""")]
    [InlineData("States.StringSplit($.dots, '., ')", """["a","b","c"]""")]
    [InlineData("States.Base64Encode('ü')", "\"w7w=\"")]
    [InlineData("States.Base64Decode('w7w=')", "\"ü\"")]
    [InlineData("States.Hash('abc', 'SHA-1')", "\"a9993e364706816aba3e25717850c26c9cd0d89d\"")]
    [InlineData("States.Hash('abc', 'SHA-384')", "\"cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7\"")]
    [InlineData("States.Hash($.l, 'MD5')", "\"f1e46f328e6decd56c64dd5e761dc2b7\"")]
    [InlineData("States.UUID()", "\"00000000-0000-4000-8000-000000000001\"")]
    public void Intrinsic_yields(string call, string expected)
    {
        JsonElement value = Evaluate(call);
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), value), value.GetRawText());
    }

    [Theory]
    [InlineData("States.Format('{}')")]
    [InlineData("States.Format('x', 1)")]
    [InlineData("States.Format($.n, 1)")]
    [InlineData("States.StringToJson($.s)")]
    [InlineData("States.StringToJson($.n)")]
    [InlineData("States.JsonMerge($.o, $.o, true)")]
    [InlineData("States.JsonMerge($.o, $.l, false)")]
    [InlineData("States.ArrayGetItem($.l, 3)")]
    [InlineData("States.ArrayGetItem($.l, -1)")]
    [InlineData("States.ArrayGetItem($.s, 0)")]
    [InlineData("States.ArrayPartition($.l, 0)")]
    [InlineData("States.ArrayRange(0, 1000, 1)")]
    [InlineData("States.ArrayRange(0, 10, 0)")]
    [InlineData("States.MathAdd($.big, 1)")]
    [InlineData("States.MathAdd($.s, 1)")]
    [InlineData("States.Base64Decode('?')")]
    [InlineData("States.Hash('a', 'CRC32')")]
    public void Intrinsic_that_cannot_be_worked_out_fails_without_quoting_data(string call)
    {
        StateFailedException failed = Assert.Throws<StateFailedException>(() => Evaluate(call));
        Assert.Equal("States.IntrinsicFailure", failed.Error);
        Assert.StartsWith("The intrinsic States.", failed.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Path_in_an_argument_that_selects_nothing_is_a_runtime_error() =>
        Assert.Equal("States.Runtime", Assert.Throws<StateFailedException>(() => Evaluate("States.Array($.gone)")).Error);

    [Fact]
    public void Strings_over_ten_thousand_letters_are_not_encoded()
    {
        Assert.Equal(13_336, Evaluate($"States.Base64Encode('{new string('a', 10_000)}')").GetString()!.Length);
        Assert.Equal("States.IntrinsicFailure", Assert.Throws<StateFailedException>(() => Evaluate($"States.Base64Encode('{new string('a', 10_001)}')")).Error);
    }

    [Theory]
    [InlineData("States.Unknown()")]
    [InlineData("States.Array(1")]
    [InlineData("States.Array(1,)")]
    [InlineData("States.Array(1 2)")]
    [InlineData("States.Array(bare)")]
    [InlineData("States.Array(\"quoted\")")]
    [InlineData("States.Array('open)")]
    [InlineData(@"States.Array('a\nb')")]
    [InlineData("States.Array({})")]
    [InlineData("States.Array(1) and more")]
    [InlineData("States.UUID(1)")]
    [InlineData("States.ArrayLength()")]
    [InlineData("States.Hash('a')")]
    [InlineData("Format('a')")]
    [InlineData("")]
    public void Call_that_cannot_be_read_is_refused(string call) => Assert.Throws<PathSyntaxException>(() => Expression.Parse(call));

    [Fact]
    public void Eleven_intrinsics_in_one_field_are_refused()
    {
        string ten = string.Concat(Enumerable.Repeat("States.Array(", 10)) + string.Concat(Enumerable.Repeat(")", 10));
        Expression.Parse(ten);
        Assert.Throws<PathSyntaxException>(() => Expression.Parse($"States.Array({ten})"));
    }

    private static JsonElement Evaluate(string call) => Expression.Parse(call).Evaluate(
        new EvaluationScope
        {
            Data = JsonElement.Parse(Data),
            Execution = new ExecutionStart(new ExecutionKey("m", "e"), "id", default, JsonElement.Parse("{}")),
            StateName = "S",
            StateEntered = default,
            NewUuid = () => new Guid("00000000-0000-4000-8000-000000000001"),
        },
        "x.$");
}
