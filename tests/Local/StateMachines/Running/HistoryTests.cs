using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CacheBackup.Local.StateMachines;
using CacheBackup.Local.Tests.StateMachines.Support;

namespace CacheBackup.Local.Tests.StateMachines.Running;

public sealed class HistoryTests
{
    [Fact]
    public void Slice_and_choice_are_seven_events()
    {
        var run = new MachineRun();
        run.Functions.On("F", """{"done":false}""", """{"done":true}""");
        run.Run("""
            "Slice": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "F" }, "OutputPath": "$.Payload", "Next": "Done" },
            "Done": { "Type": "Choice", "Choices": [{ "Variable": "$.done", "BooleanEquals": true, "Next": "S" }], "Default": "Slice" }, "S": { "Type": "Succeed" }
            """);
        HistoryEventType[] slice =
        [
            HistoryEventType.TaskStateEntered, HistoryEventType.TaskScheduled, HistoryEventType.TaskStarted, HistoryEventType.TaskSucceeded,
            HistoryEventType.TaskStateExited, HistoryEventType.ChoiceStateEntered, HistoryEventType.ChoiceStateExited,
        ];
        Assert.Equal(
            [HistoryEventType.ExecutionStarted, .. slice, .. slice, HistoryEventType.SucceedStateEntered, HistoryEventType.SucceedStateExited, HistoryEventType.ExecutionSucceeded],
            run.Types);
        Assert.Equal(Enumerable.Range(1, run.Types.Count).Select(i => (long)i), run.Log.Entries.Select(entry => entry.Id));
        Assert.All(run.Log.Entries, entry => Assert.Equal(entry.Id - 1, entry.PreviousId));
    }

    [Fact]
    public void Events_tell_what_happened()
    {
        var run = new MachineRun();
        run.Functions.On("F", "!Busy", "5");
        run.Run("""
            "A": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "F", "Payload.$": "$.a" }, "TimeoutSeconds": 9,
                   "Retry": [{ "ErrorEquals": ["Busy"], "IntervalSeconds": 2 }], "ResultPath": "$.r", "End": true }
            """, """{"a":1}""");
        HistoryEvent[] entries = [.. run.Log.Entries];

        Assert.Equal("""{"a":1}""", entries[0].Input!.Value.GetRawText());
        Assert.Equal(("A", """{"a":1}"""), (entries[1].Name, entries[1].Input!.Value.GetRawText()));
        Assert.Equal(("lambda", "invoke", 9), (entries[2].ResourceType, entries[2].Resource, entries[2].TimeoutInSeconds));
        Assert.Equal("""{"FunctionName":"F","Payload":1}""", entries[2].Parameters!.Value.GetRawText());
        Assert.Equal((HistoryEventType.TaskFailed, "Busy"), (entries[4].Type, entries[4].Error));
        Assert.Equal((HistoryEventType.TaskSucceeded, TurnedClock.Noon.AddSeconds(2)), (entries[7].Type, entries[7].Timestamp));
        Assert.Equal(("A", null), (entries[8].Name, entries[8].Next));
        Assert.Equal(entries[8].Output!.Value.GetRawText(), entries[9].Output!.Value.GetRawText());
    }

    [Fact]
    public void Iterations_follow_from_their_map()
    {
        var run = new MachineRun();
        run.Run("""
            "M": { "Type": "Map", "MaxConcurrency": 1, "ItemProcessor": { "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } } }, "End": true }
            """, "[1,2]");
        Assert.Equal(
            [
                HistoryEventType.ExecutionStarted, HistoryEventType.MapStateEntered, HistoryEventType.MapStateStarted,
                HistoryEventType.MapIterationStarted, HistoryEventType.PassStateEntered, HistoryEventType.PassStateExited, HistoryEventType.MapIterationSucceeded,
                HistoryEventType.MapIterationStarted, HistoryEventType.PassStateEntered, HistoryEventType.PassStateExited, HistoryEventType.MapIterationSucceeded,
                HistoryEventType.MapStateSucceeded, HistoryEventType.MapStateExited, HistoryEventType.ExecutionSucceeded,
            ],
            run.Types);
        HistoryEvent[] entries = [.. run.Log.Entries];
        Assert.Equal((2, 0, "M"), (entries[2].Length, entries[3].Index, entries[3].Name));
        Assert.Equal([3, 3], entries.Where(entry => entry.Type == HistoryEventType.MapIterationStarted).Select(entry => (int)entry.PreviousId));
        Assert.Equal(new HistoryFrame(2, 0, 1), entries[8].Frame);
    }

    [Fact]
    public void Events_are_written_as_step_functions_gives_them()
    {
        var run = new MachineRun();
        run.Functions.On("F", "5");
        run.Run("""
            "M": { "Type": "Map", "ItemProcessor": { "StartAt": "A", "States": { "A": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                   "Parameters": { "FunctionName": "F", "Payload.$": "$" }, "TimeoutSeconds": 9, "OutputPath": "$.Payload", "End": true } } }, "Next": "X" },
            "X": { "Type": "Fail", "Error": "E", "Cause": "C" }
            """, """["é"]""");
        string Written(HistoryEventType type)
        {
            using var stream = new MemoryStream();
            using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                StepFunctionsHistory.Write(writer, run.Log.Entries.First(entry => entry.Type == type));
            }

            const string At = "{\"timestamp\":\"2026-03-01T12:00:00.000Z\",";
            string text = Encoding.UTF8.GetString(stream.ToArray());
            Assert.StartsWith(At, text, StringComparison.Ordinal);
            return "{" + text[At.Length..];
        }

        Assert.Equal("""{"type":"ExecutionStarted","id":1,"previousEventId":0,"executionStartedEventDetails":{"input":"[\"é\"]","inputDetails":{"truncated":false}}}""", Written(HistoryEventType.ExecutionStarted));
        Assert.Equal("""{"type":"MapStateStarted","id":3,"previousEventId":2,"mapStateStartedEventDetails":{"length":1}}""", Written(HistoryEventType.MapStateStarted));
        Assert.Equal("""{"type":"MapIterationStarted","id":4,"previousEventId":3,"mapIterationStartedEventDetails":{"name":"M","index":0}}""", Written(HistoryEventType.MapIterationStarted));
        Assert.Equal("""{"type":"TaskStateEntered","id":5,"previousEventId":4,"stateEnteredEventDetails":{"name":"A","input":"\"é\"","inputDetails":{"truncated":false}}}""", Written(HistoryEventType.TaskStateEntered));
        Assert.Equal("""{"type":"TaskScheduled","id":6,"previousEventId":5,"taskScheduledEventDetails":{"resourceType":"lambda","resource":"invoke","region":"local","parameters":"{\"FunctionName\":\"F\",\"Payload\":\"é\"}","timeoutInSeconds":9}}""", Written(HistoryEventType.TaskScheduled));
        Assert.Equal("""{"type":"TaskStateExited","id":9,"previousEventId":8,"stateExitedEventDetails":{"name":"A","output":"5","outputDetails":{"truncated":false}}}""", Written(HistoryEventType.TaskStateExited));
        Assert.Equal("""{"type":"MapStateSucceeded","id":11,"previousEventId":3}""", Written(HistoryEventType.MapStateSucceeded));
        Assert.Equal("""{"type":"ExecutionFailed","id":14,"previousEventId":13,"executionFailedEventDetails":{"error":"E","cause":"C"}}""", Written(HistoryEventType.ExecutionFailed));
    }
}
