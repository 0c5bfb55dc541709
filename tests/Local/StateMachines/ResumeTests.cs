using System.Text.Json;
using CacheBackup.Local.StateMachines;
using CacheBackup.Local.Tests.StateMachines.Support;

namespace CacheBackup.Local.Tests.StateMachines;

/// <summary>Every case of <c>machines/</c>, cut off after each of its events and resumed, and cut off again: the end is the same.</summary>
public sealed class ResumeTests
{
    public static TheoryData<string> Cases => new(MachineCase.Names);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Run_cut_off_after_any_event_ends_the_same(string name)
    {
        MachineCase machine = MachineCase.Read(name);
        Run whole = Begin(machine);
        for (int kept = 0; kept < whole.History.Count; kept++)
        {
            Run resumed = Resume(machine, whole.History.Take(kept));
            AssertSame(whole, resumed, $"cut after event {kept}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Run_cut_off_again_and_again_ends_the_same(string name)
    {
        MachineCase machine = MachineCase.Read(name);
        Run whole = Begin(machine);
        var random = new Random(20260301);
        for (int round = 0; round < 4; round++)
        {
            Run run = whole;
            for (int cut = 0; cut < 4; cut++)
            {
                run = Resume(machine, run.History.Take(random.Next(run.History.Count)));
                AssertSame(whole, run, $"round {round}, cut {cut}");
            }
        }
    }

    [Fact]
    public void What_is_recorded_is_durable_before_a_task_starts_and_after_it_ends()
    {
        List<string> story = [];
        var run = new MachineRun();
        run.Functions.On("F", _ =>
        {
            story.Add("call");
            return "1";
        });
        StateMachineDefinition machine = MachineRun.Machine(
            """ "A": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "F" }, "End": true } """);
        TurnedThread.Run(run.Clock, () => new StateMachineRunner(run.RunnerOptions).Start(
            machine, new ExecutionStart(new ExecutionKey("test", "a"), "id", run.Clock.GetUtcNow(), JsonElement.Parse("{}")), new ToldLog(story)).Completion);

        Assert.Equal(
            [
                "ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "flush", "call", "TaskSucceeded", "flush",
                "TaskStateExited", "ExecutionSucceeded", "flush",
            ],
            story);
    }

    [Fact]
    public void Iterations_that_had_begun_when_another_had_failed_are_not_taken_up_again()
    {
        const string Machine = """
            "M": { "Type": "Map", "MaxConcurrency": 3, "ItemProcessor": { "StartAt": "A", "States": {
              "A": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "F", "Payload.$": "$" }, "End": true } } },
              "Catch": [{ "ErrorEquals": ["Broken"], "ResultPath": "$", "Next": "S" }], "End": true }, "S": { "Type": "Succeed", "OutputPath": "$.Error" }
            """;
        var run = new MachineRun();
        run.Functions.On("F", async call =>
        {
            if (call.Payload.GetInt32() == 1)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), run.Clock, call.Cancelled);
                throw ScriptedInvoker.Error("Broken");
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, run.Clock, call.Cancelled);
            return default;
        });
        run.Run(Machine, "[0,1,2]").Succeeds("\"Broken\"");
        HistoryEvent[] untilFailure = [.. run.Log.Entries.TakeWhile(entry => entry.Type != HistoryEventType.MapIterationAborted)];
        Assert.Equal(HistoryEventType.MapIterationFailed, untilFailure[^1].Type);

        run.Functions.Forget();
        var log = new MemoryExecutionLog();
        ExecutionResult result = TurnedThread.Run(run.Clock, () => new StateMachineRunner(run.RunnerOptions).Resume(
            MachineRun.Machine(Machine), new ExecutionStart(new ExecutionKey("test", "a"), "id", run.Clock.GetUtcNow(), JsonElement.Parse("[0,1,2]")), log, untilFailure).Completion);
        Assert.Equal((ExecutionStatus.Succeeded, "\"Broken\""), (result.Status, result.Output!.Value.GetRawText()));
        Assert.Empty(run.Functions.Calls);
        Assert.Equal(2, log.Entries.Count(entry => entry.Type == HistoryEventType.MapIterationAborted));
    }

    private static Run Begin(MachineCase machine) => Resume(machine, []);

    private static Run Resume(MachineCase machine, IEnumerable<HistoryEvent> kept)
    {
        HistoryEvent[] history = [.. kept];
        var clock = new TurnedClock(history.Length > 0 ? history[^1].Timestamp : TurnedClock.Noon);
        var answers = new AnswerTable(machine.Tasks, clock);
        foreach (HistoryEvent ended in history.Where(IsTaskEnd))
        {
            HistoryEvent scheduled = history.Last(entry =>
                entry.Type == HistoryEventType.TaskScheduled && entry.Frame == ended.Frame && entry.Id < ended.Id);
            JsonElement parameters = scheduled.Parameters!.Value;
            if (scheduled.ResourceType == "lambda")
            {
                answers.UseUp(parameters.GetProperty("FunctionName").GetString()!, parameters.GetProperty("Payload"));
            }
            else
            {
                answers.UseUp($"{scheduled.ResourceType!["aws-sdk:".Length..]}:{scheduled.Resource}", parameters);
            }
        }

        var log = new MemoryExecutionLog();
        var start = new ExecutionStart(new ExecutionKey(machine.Name, "run"), "id", TurnedClock.Noon, machine.Input);
        var runner = new StateMachineRunner(new RunnerOptions { Invoker = answers, Services = answers, Clock = clock, Jitter = () => 1.0 });
        StateMachineDefinition definition = StateMachineDefinition.Parse(machine.Name, machine.Definition.GetRawText());
        ExecutionResult result = TurnedThread.Run(clock, () => runner.Resume(definition, start, log, history).Completion);
        return new Run(result, [.. history, .. log.Entries], clock.GetUtcNow());
    }

    private static bool IsTaskEnd(HistoryEvent entry) =>
        entry.Type is HistoryEventType.TaskSucceeded or HistoryEventType.TaskFailed or HistoryEventType.TaskTimedOut;

    private static void AssertSame(Run whole, Run resumed, string where)
    {
        Assert.True(
            (whole.Result.Status, whole.Result.Error, whole.Result.Cause) == (resumed.Result.Status, resumed.Result.Error, resumed.Result.Cause),
            $"{where}: {resumed.Result.Status} {resumed.Result.Error} {resumed.Result.Cause}");
        Assert.True(
            whole.Result.Output is { } output ? JsonElement.DeepEquals(output, resumed.Result.Output!.Value) : resumed.Result.Output is null, where);

        // No result is asked for twice, no retry is lost, and no time: a time-out begins anew, all else ends when it would have ended.
        Assert.Equal(whole.History.Count(IsTaskEnd), resumed.History.Count(IsTaskEnd));
        Assert.True(whole.History.Any(entry => entry.Type == HistoryEventType.TaskTimedOut) || whole.Ended == resumed.Ended, $"{where}: ended {resumed.Ended:O}");
        Assert.Equal(Enumerable.Range(1, resumed.History.Count).Select(id => (long)id), resumed.History.Select(entry => entry.Id));
    }

    private sealed record Run(ExecutionResult Result, IReadOnlyList<HistoryEvent> History, DateTimeOffset Ended);

    private sealed class ToldLog(List<string> story) : IExecutionLog
    {
        public void Append(HistoryEvent entry) => story.Add(entry.Type.ToString());

        public ValueTask FlushAsync(CancellationToken cancellationToken)
        {
            story.Add("flush");
            return ValueTask.CompletedTask;
        }
    }
}
