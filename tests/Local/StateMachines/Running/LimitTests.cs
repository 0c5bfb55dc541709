using CacheBackup.Local.StateMachines;
using CacheBackup.Local.Tests.StateMachines.Support;

namespace CacheBackup.Local.Tests.StateMachines.Running;

/// <summary>The quotas of Step Functions, at their edge.</summary>
public sealed class LimitTests
{
    private const int Payload = 262_144;
    private const string Catch = """ "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": null, "Next": "S" }] """;

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Result_may_have_262144_bytes(int over, bool fits)
    {
        // {"ExecutedVersion":"$LATEST","Payload":"…","StatusCode":200}
        string value = new('x', Payload + over - """{"ExecutedVersion":"$LATEST","Payload":"","StatusCode":200}""".Length);
        var run = new MachineRun();
        run.Functions.On("F", $"\"{value}\"");
        run.Run(Task(Catch));
        Assert.Equal(fits ? null : "States.DataLimitExceeded", run.Result.Error);
        Assert.Equal(!fits, run.Types.Contains(HistoryEventType.TaskFailed));
    }

    [Fact]
    public void Letters_outside_ascii_count_by_their_bytes()
    {
        var run = new MachineRun();
        run.Functions.On("F", $"\"{new string('é', 131_000)}\"");
        run.Run(Task("""  "ResultPath": null """)).Succeeds("{}");
        run.Functions.On("F", $"\"{new string('é', 131_072)}\"");
        new MachineRun { Functions = run.Functions }.Run(Task(Catch)).Fails("States.DataLimitExceeded");
    }

    [Fact]
    public void White_space_does_not_count()
    {
        var run = new MachineRun();
        run.Functions.On("F", $"[{new string(' ', Payload)}]");
        run.Run(Task(""" "OutputPath": "$.Payload" """)).Succeeds("[]");
    }

    [Fact]
    public void Limit_is_caught_where_it_is_named()
    {
        var run = new MachineRun();
        run.Functions.On("F", $"\"{new string('x', Payload)}\"");
        run.Run(Task(""" "Catch": [{ "ErrorEquals": ["States.DataLimitExceeded"], "ResultPath": null, "Next": "S" }] """)).Succeeds("{}");
    }

    [Fact]
    public void Parameters_and_outputs_are_bounded_too()
    {
        string half = new('x', Payload / 2);
        var run = new MachineRun();
        run.Functions.On("F", "1");
        run.Run(Task(Catch, """ "Payload": { "a.$": "$", "b.$": "$" } """), $$"""{"v":"{{half}}"}""").Fails("States.DataLimitExceeded", "input of the task");
        Assert.Empty(run.Functions.Calls);
        new MachineRun().Run(""" "A": { "Type": "Pass", "Parameters": { "a.$": "$", "b.$": "$" }, "End": true } """, $$"""{"v":"{{half}}"}""")
            .Fails("States.DataLimitExceeded", "output of the state 'A'");
    }

    [Fact]
    public void Results_of_a_map_are_bounded_together() => new MachineRun().Run($$"""
        "M": { "Type": "Map", "ItemProcessor": { "StartAt": "P", "States": { "P": { "Type": "Pass", "Result": "{{new string('x', 1_000)}}", "End": true } } }, "ResultPath": null, {{Catch}}, "End": true },
        "S": { "Type": "Succeed" }
        """, "[" + string.Join(',', Enumerable.Repeat(0, 300)) + "]").Fails("States.DataLimitExceeded");

    [Fact]
    public void History_ends_with_event_25000()
    {
        MachineRun run = new MachineRun().Run($$"""
            "M": { "Type": "Map", "MaxConcurrency": 1, "ItemProcessor": { "StartAt": "P", "States": { "P": { "Type": "Pass", "Next": "P2" }, "P2": { "Type": "Pass", "Next": "P" } } }, {{Catch}}, "End": true },
            "S": { "Type": "Succeed" }
            """, "[1]");
        run.Fails("States.Runtime", "25000");
        Assert.Equal((25_000, HistoryEventType.ExecutionFailed), (run.Log.Entries.Count, run.Log.Entries[^1].Type));
    }

    private static string Task(string fields, string parameters = "") => $$"""
        "A": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "F"{{(parameters.Length > 0 ? "," : "")}} {{parameters}} }, {{fields}}, "Next": "S" },
        "S": { "Type": "Succeed" }
        """;
}
