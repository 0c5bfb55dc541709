using CacheBackup.Local.Tests.StateMachines.Support;

namespace CacheBackup.Local.Tests.StateMachines;

public sealed class StateMachineRunnerTests
{
    [Fact]
    public void Pass_gives_its_result() =>
        new MachineRun().Run("""  "A": { "Type": "Pass", "Result": {"x": 1}, "ResultPath": "$.r.s", "End": true } """, """{"a":2}""")
            .Succeeds("""{"a":2,"r":{"s":{"x":1}}}""");

    [Fact]
    public void Task_is_invoked_with_its_payload_and_gives_what_lambda_gives()
    {
        var run = new MachineRun();
        run.Functions.On("Snapshot", call => """{"bytes":5}""");
        run.Run("""
            "A": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                   "Parameters": { "FunctionName": "${Snapshot}", "Payload": { "shard.$": "$.n", "kind": "x", "who.$": "$$.Execution.Name" } }, "End": true }
            """, """{"n":3}""");
        run.Succeeds("""{"Payload":{"bytes":5},"StatusCode":200,"ExecutedVersion":"$LATEST"}""");
        Assert.Equal("""{"shard":3,"kind":"x","who":"run-1"}""", run.Functions.Calls.Single().Payload.GetRawText());
    }

    [Fact]
    public void Wait_takes_its_time() =>
        Assert.Equal(TimeSpan.FromDays(400), new MachineRun().Run(""" "A": { "Type": "Wait", "Seconds": 34560000, "End": true } """).Succeeds("{}").Clock.Elapsed);

    [Fact]
    public void Map_runs_every_item_and_keeps_their_order()
    {
        var run = new MachineRun();
        run.Functions.On("F", call => $$"""{"got": {{call.Payload.GetRawText()}} }""");
        run.Run("""
            "M": { "Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 2,
                   "ItemSelector": { "i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "all.$": "$.k" },
                   "ItemProcessor": { "ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "T", "States": {
                     "T": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "F", "Payload.$": "$" }, "OutputPath": "$.Payload.got", "End": true } } },
                   "End": true }
            """, """{"items":["a","b","c"],"k":7}""");
        run.Succeeds("""[{"i":0,"v":"a","all":7},{"i":1,"v":"b","all":7},{"i":2,"v":"c","all":7}]""");
    }

    [Fact]
    public void Retry_then_catch()
    {
        var run = new MachineRun();
        run.Functions.On("F", "!Busy", "!Busy", "!Busy", "{}");
        run.Run("""
            "A": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "F" },
                   "Retry": [ { "ErrorEquals": ["Busy"], "MaxAttempts": 2, "IntervalSeconds": 3, "BackoffRate": 2 } ],
                   "Catch": [ { "ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "B" } ], "End": true },
            "B": { "Type": "Pass", "Parameters": { "e.$": "$.error.Error" }, "End": true }
            """);
        run.Succeeds("""{"e":"Busy"}""");
        Assert.Equal((TimeSpan.FromSeconds(9), 3), (run.Clock.Elapsed, run.Functions.Calls.Count));
    }
}
