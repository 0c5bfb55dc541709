using CacheBackup.Local.StateMachines;
using CacheBackup.Local.Tests.StateMachines.Support;

namespace CacheBackup.Local.Tests.StateMachines.Running;

/// <summary>Pass, Wait, Succeed, Fail.</summary>
public sealed class FlowTests
{
    [Theory]
    [InlineData(""" "Result": {"x": 1}, "ResultPath": "$.r.s" """, """{"a":2}""", """{"a":2,"r":{"s":{"x":1}}}""")]
    [InlineData(""" "ResultPath": null """, """{"a":2}""", """{"a":2}""")]
    [InlineData(""" "InputPath": "$.a" """, """{"a":2}""", "2")]
    [InlineData(""" "InputPath": null """, """{"a":2}""", "{}")]
    [InlineData(""" "OutputPath": null """, """{"a":2}""", "{}")]
    [InlineData(""" "InputPath": "$$.Execution.Input.a" """, """{"a":2}""", "2")]
    [InlineData(""" "InputPath": "$.a", "Parameters": { "b.$": "$" }, "ResultPath": "$.c", "OutputPath": "$.c" """, """{"a":2}""", """{"b":2}""")]
    [InlineData(""" "Result": { "x.$": "$.a" } """, """{"a":2}""", """{"x.$":"$.a"}""")]
    [InlineData(""" "Parameters": { "n.$": "States.Array(1.50, 1e3)" } """, "{}", """{"n":[1.50,1e3]}""")]
    public void Pass_shapes_its_input(string fields, string input, string output) =>
        new MachineRun().Run($$""" "A": { "Type": "Pass", {{fields}}, "End": true } """, input).Succeeds(output);

    [Theory]
    [InlineData(""" "Seconds": 0 """, 0)]
    [InlineData(""" "Seconds": 99999999 """, 99_999_999)]
    [InlineData(""" "SecondsPath": "$.s" """, 90)]
    [InlineData(""" "Timestamp": "2026-03-01T13:00:00+00:30" """, 30 * 60)]
    [InlineData(""" "TimestampPath": "$.t" """, 61.5)]
    [InlineData(""" "Timestamp": "2020-01-01T00:00:00Z" """, 0)]
    public void Wait_takes_its_time(string until, double seconds) => Assert.Equal(
        TimeSpan.FromSeconds(seconds),
        new MachineRun().Run($$""" "A": { "Type": "Wait", {{until}}, "End": true } """, """{"s":90,"t":"2026-03-01T12:01:01.5Z"}""")
            .Succeeds("""{"s":90,"t":"2026-03-01T12:01:01.5Z"}""").Clock.Elapsed);

    [Theory]
    [InlineData("SecondsPath", "-1")]
    [InlineData("SecondsPath", "\"9\"")]
    [InlineData("SecondsPath", "1.5")]
    [InlineData("TimestampPath", "\"tomorrow\"")]
    [InlineData("TimestampPath", "5")]
    public void Wait_for_what_is_no_time_fails(string field, string value) =>
        new MachineRun().Run($$""" "A": { "Type": "Wait", "{{field}}": "$.v", "End": true } """, $$"""{"v":{{value}}}""").Fails("States.Runtime", field);

    [Fact]
    public void Succeed_filters_and_ends() =>
        new MachineRun().Run(""" "A": { "Type": "Succeed", "InputPath": "$.a", "OutputPath": "$.b" } """, """{"a":{"b":3}}""").Succeeds("3");

    [Theory]
    [InlineData(""" "Error": "E", "Cause": "C" """, "E", "C")]
    [InlineData(""" "ErrorPath": "$.e", "CausePath": "States.JsonToString($.c)" """, "E1", """{"x":1}""")]
    [InlineData(""" "Comment": "nothing more" """, "", "")]
    public void Fail_fails(string fields, string error, string cause)
    {
        MachineRun run = new MachineRun().Run($$""" "A": { "Type": "Fail", {{fields}} } """, """{"e":"E1","c":{"x":1}}""");
        Assert.Equal((ExecutionStatus.Failed, error, cause), (run.Result.Status, run.Result.Error, run.Result.Cause));
    }

    [Fact]
    public void Fail_with_an_error_that_is_no_text_is_a_runtime_error() =>
        new MachineRun().Run(""" "A": { "Type": "Fail", "ErrorPath": "$.e" } """, """{"e":1}""").Fails("States.Runtime", "ErrorPath");
}
