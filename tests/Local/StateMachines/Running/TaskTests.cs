using System.Text.Json;
using CacheBackup.Local.StateMachines;
using CacheBackup.Local.Tests.StateMachines.Support;

namespace CacheBackup.Local.Tests.StateMachines.Running;

public sealed class TaskTests
{
    [Fact]
    public void Function_is_called_with_payload_and_context()
    {
        var run = new MachineRun();
        run.Functions.On("Snapshot", """{"bytes":5}""");
        run.Run(Task("A", "Snapshot", """ "TimeoutSeconds": 30, "End": true """, """ "Payload": { "shard.$": "$.n", "who.$": "$$.Execution.Name" } """), """{"n":3}""", """ "TimeoutSeconds": 600, """);

        run.Succeeds("""{"Payload":{"bytes":5},"StatusCode":200,"ExecutedVersion":"$LATEST"}""");
        ScriptedCall call = Assert.Single(run.Functions.Calls);
        Assert.Equal("""{"shard":3,"who":"run-1"}""", call.Payload.GetRawText());
        Assert.Equal(
            new TaskContext(new ExecutionKey("test", "run-1"), "arn:aws:states:local:000000000000:execution:test:run-1", "A", 0, TurnedClock.Noon.AddSeconds(30)),
            call.Context);
    }

    [Fact]
    public void Deadline_is_the_earlier_of_the_tasks_and_the_machines()
    {
        var run = new MachineRun();
        run.Functions.On("F", "1");
        run.Run(
            $$"""{{Task("A", "F", """ "TimeoutSeconds": 100, "ResultPath": null, "Next": "B" """)}}, {{Task("B", "F", """ "End": true """)}}""",
            more: """ "TimeoutSeconds": 60, """);
        Assert.All(run.Functions.Calls, call => Assert.Equal(TurnedClock.Noon.AddSeconds(60), call.Context.Deadline));
    }

    [Fact]
    public void Function_without_payload_gets_an_empty_object()
    {
        var run = new MachineRun();
        run.Functions.On("F", "1");
        run.Run(Task("A", "F", """ "OutputPath": "$.Payload", "End": true """), """{"a":1}""").Succeeds("1");
        Assert.Equal("{}", run.Functions.Calls[0].Payload.GetRawText());
    }

    [Fact]
    public void Context_object_is_seen_whole()
    {
        var run = new MachineRun();
        run.Functions.On("F", call => call.Payload.GetRawText());
        run.Run(
            Task("A", "F", """ "OutputPath": "$.Payload", "End": true """, """
                "Payload": { "a.$": "$$.Execution.Id", "b.$": "$$.Execution.StartTime", "c.$": "$$.Execution.Input.k[0]", "d.$": "$$.State.EnteredTime",
                             "e.$": "$$.StateMachine.Id", "f.$": "$$.StateMachine.Name", "g.$": "$$.State.RetryCount" }
                """),
            """{"k":[7]}""").Succeeds("""
            { "a": "arn:aws:states:local:000000000000:execution:test:run-1", "b": "2026-03-01T12:00:00.000Z", "c": 7, "d": "2026-03-01T12:00:00.000Z",
              "e": "arn:aws:states:local:000000000000:stateMachine:test", "f": "test", "g": 0 }
            """);
    }

    [Fact]
    public void Exception_of_a_function_is_an_error_of_its_type_name()
    {
        var run = new MachineRun();
        run.Functions.On("F", new Func<ScriptedCall, Task<JsonElement>>(_ => throw new InvalidDataException("bad \"bytes\"")));
        run.Run(Task("A", "F", """ "End": true """)).Fails("InvalidDataException");
        JsonElement cause = JsonElement.Parse(run.Result.Cause!);
        Assert.Equal(("InvalidDataException", "bad \"bytes\""), (cause.GetProperty("errorType").GetString(), cause.GetProperty("errorMessage").GetString()));
        Assert.Contains("TaskTests", cause.GetProperty("stackTrace")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Cancellation_that_nobody_asked_for_is_an_error_like_any_other()
    {
        var run = new MachineRun();
        run.Functions.On("F", new Func<ScriptedCall, Task<JsonElement>>(_ => throw new TaskCanceledException()));
        run.Run(Task("A", "F", """ "End": true """)).Fails("TaskCanceledException");
    }

    [Fact]
    public void Error_and_cause_are_bounded_as_step_functions_bounds_them()
    {
        var run = new MachineRun();
        run.Functions.On("F", new Func<ScriptedCall, Task<JsonElement>>(_ => throw new TaskFailedException(new string('e', 300), new string('c', 40_000))));
        run.Run(Task("A", "F", """ "End": true """));
        Assert.Equal((256, 32_768), (run.Result.Error!.Length, run.Result.Cause!.Length));
    }

    [Fact]
    public void Full_jitter_draws_from_nothing_to_the_delay()
    {
        var draws = new Queue<double>([0.0, 0.25, 1.0]);
        var run = new MachineRun { Options = options => options with { Jitter = draws.Dequeue } };
        run.Functions.On("F", "!Busy", "!Busy", "!Busy", "1");
        run.Run(Task("A", "F", """ "Retry": [{ "ErrorEquals": ["Busy"], "IntervalSeconds": 4, "BackoffRate": 2, "JitterStrategy": "FULL" }], "End": true """));
        Assert.Equal([0, 0, 2, 2 + 16], Seconds(run, HistoryEventType.TaskScheduled));
    }

    [Fact]
    public void Delays_grow_and_stop_growing()
    {
        var run = new MachineRun();
        run.Functions.On("F", "!Busy");
        run.Run(Task("A", "F", """ "Retry": [{ "ErrorEquals": ["Busy"], "IntervalSeconds": 10, "MaxAttempts": 5, "BackoffRate": 2, "MaxDelaySeconds": 35 }], "End": true """)).Fails("Busy");
        Assert.Equal([0, 10, 10 + 20, 30 + 35, 65 + 35, 100 + 35], Seconds(run, HistoryEventType.TaskScheduled));
    }

    [Fact]
    public void Attempts_are_counted_anew_in_each_visit_to_a_state()
    {
        var run = new MachineRun();
        run.Functions.On("F", "!Busy", "1", "!Busy", "2");
        run.Run($$"""
            {{Task("A", "F", """ "ResultPath": "$.r", "Retry": [{ "ErrorEquals": ["Busy"], "MaxAttempts": 1, "IntervalSeconds": 1 }], "Next": "C" """)}},
            "C": { "Type": "Choice", "Choices": [{ "Variable": "$.r.Payload", "NumericEquals": 2, "Next": "S" }], "Default": "A" }, "S": { "Type": "Succeed" }
            """);
        Assert.Equal((ExecutionStatus.Succeeded, 4), (run.Result.Status, run.Functions.Calls.Count));
        Assert.Equal([0, 1, 0, 1], run.Functions.Calls.Select(call => call.Context.RetryCount));
    }

    [Fact]
    public void Task_over_its_time_out_is_cancelled_and_tried_again()
    {
        var run = new MachineRun();
        List<bool> cancelled = [];
        run.Functions.On("F", async call =>
        {
            if (call.Context.RetryCount == 0)
            {
                call.Cancelled.Register(() => cancelled.Add(true));
                await System.Threading.Tasks.Task.Delay(Timeout.InfiniteTimeSpan, run.Clock, call.Cancelled);
            }

            return JsonElement.Parse("\"second\"");
        });
        run.Run(Task("A", "F", """ "TimeoutSeconds": 90, "Retry": [{ "ErrorEquals": ["States.Timeout"], "IntervalSeconds": 1 }], "OutputPath": "$.Payload", "End": true """))
            .Succeeds("\"second\"");
        Assert.Equal([true], cancelled);
        Assert.Equal(TimeSpan.FromSeconds(91), run.Clock.Elapsed);
        Assert.Contains(HistoryEventType.TaskTimedOut, run.Types);
    }

    [Fact]
    public void Task_that_minds_no_token_is_left_after_the_grace()
    {
        var run = new MachineRun();
        var never = new TaskCompletionSource<JsonElement>();
        run.Functions.On("F", _ => never.Task);
        run.Run(Task("A", "F", """ "TimeoutSeconds": 90, "End": true """)).Fails("States.Timeout");
        Assert.Equal(TimeSpan.FromSeconds(100), run.Clock.Elapsed);
        never.SetException(new InvalidDataException("too late"));
    }

    [Fact]
    public void Result_that_comes_within_the_grace_of_a_time_out_is_not_used()
    {
        var run = new MachineRun();
        run.Functions.On("F", async _ =>
        {
            await System.Threading.Tasks.Task.Delay(TimeSpan.FromSeconds(95), run.Clock, CancellationToken.None);
            return JsonElement.Parse("1");
        });
        run.Run(Task("A", "F", """ "TimeoutSeconds": 90, "End": true """)).Fails("States.Timeout");
        Assert.Equal(TimeSpan.FromSeconds(95), run.Clock.Elapsed);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1.5")]
    [InlineData("\"60\"")]
    public void Time_out_from_the_data_must_be_a_positive_integer(string value)
    {
        var run = new MachineRun();
        run.Functions.On("F", "1");
        run.Run(Task("A", "F", """ "TimeoutSecondsPath": "$.t", "End": true """), $$"""{"t":{{value}}}""").Fails("States.Runtime", "TimeoutSecondsPath");
        Assert.Empty(run.Functions.Calls);
    }

    [Fact]
    public void Runtime_error_is_never_caught()
    {
        var run = new MachineRun();
        run.Run($$"""
            {{Task("A", "F", """ "Retry": [{ "ErrorEquals": ["States.ALL"] }], "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "S" }], "End": true """, """ "Payload.$": "$.gone" """)}},
            "S": { "Type": "Succeed" }
            """).Fails("States.Runtime", "$.gone");
        Assert.DoesNotContain("secret", run.Result.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Intrinsic_failure_and_result_path_failure_are_caught()
    {
        var run = new MachineRun();
        run.Functions.On("F", "1");
        run.Run($$"""
            {{Task("A", "F", """ "Catch": [{ "ErrorEquals": ["States.IntrinsicFailure"], "ResultPath": "$.e", "Next": "B" }], "End": true """, """ "Payload": { "x.$": "States.StringToJson($.text)" } """)}},
            {{Task("B", "F", """ "ResultPath": "$.text.deep", "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.f", "Next": "S" }], "End": true """)}},
            "S": { "Type": "Pass", "Parameters": { "e.$": "$.e.Error", "f.$": "$.f.Error" }, "End": true }
            """, """{"text":"not json"}""").Succeeds("""{"e":"States.IntrinsicFailure","f":"States.ResultPathMatchFailure"}""");
    }

    [Fact]
    public void Service_call_is_refused_where_there_is_no_aws() =>
        new MachineRun { Options = options => options with { Services = new NoServiceIntegration() } }
            .Run(""" "A": { "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:elasticache:describeSnapshots", "Parameters": {}, "End": true } """)
            .Fails("TargetNotAvailableHere", "elasticache:describeSnapshots");

    [Fact]
    public void Service_call_gets_its_parameters_and_gives_its_result()
    {
        var run = new MachineRun();
        run.Functions.On("elasticache:describeSnapshots", call => call.Payload.GetRawText()).On("elasticache:deleteSnapshot", "!ElastiCache.SnapshotNotFoundException");
        run.Run("""
            "A": { "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:elasticache:describeSnapshots", "Parameters": { "SnapshotName.$": "$.s" }, "ResultPath": "$.r", "Next": "B" },
            "B": { "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:elasticache:deleteSnapshot", "Catch": [{ "ErrorEquals": ["ElastiCache.SnapshotNotFoundException"], "ResultPath": null, "Next": "S" }], "End": true },
            "S": { "Type": "Succeed" }
            """, """{"s":"x"}""").Succeeds("""{"s":"x","r":{"SnapshotName":"x"}}""");
        Assert.Equal("""{"s":"x","r":{"SnapshotName":"x"}}""", run.Functions.Calls[1].Payload.GetRawText());
    }

    private static IEnumerable<double> Seconds(MachineRun run, HistoryEventType type) =>
        run.Log.Entries.Where(entry => entry.Type == type).Select(entry => (entry.Timestamp - TurnedClock.Noon).TotalSeconds);

    private static string Task(string name, string function, string fields, string parameters = "") =>
        $$""" "{{name}}": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "${{{function}}}"{{(parameters.Length > 0 ? "," : "")}} {{parameters}} }, {{fields}} } """;
}
