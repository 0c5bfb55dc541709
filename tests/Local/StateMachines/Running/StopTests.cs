using CacheBackup.Local.StateMachines;
using CacheBackup.Local.Tests.StateMachines.Support;

namespace CacheBackup.Local.Tests.StateMachines.Running;

public sealed class StopTests
{
    private const string Long = """
        "M": { "Type": "Map", "ItemProcessor": { "StartAt": "A", "States": {
          "A": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "F" }, "Retry": [{ "ErrorEquals": ["States.ALL"] }], "End": true } } },
          "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "S" }], "Next": "S" },
        "S": { "Type": "Succeed" }
        """;

    [Fact]
    public void Stop_cancels_the_running_tasks_and_ends_as_aborted()
    {
        MachineRun run = Waiting(out List<bool> cancelled);
        ExecutionResult result = TurnedThread.Run(run.Clock, async () =>
        {
            Execution execution = run.Begin(MachineRun.Machine(Long), "[1,2]");
            await run.Functions.CalledAsync(2);
            Assert.Equal("M", execution.CurrentState);
            return await execution.StopAsync("UserStopped", "by hand");
        });

        Assert.Equal((ExecutionStatus.Aborted, "UserStopped", "by hand"), (result.Status, result.Error, result.Cause));
        Assert.Equal([true, true], cancelled);
        Assert.Equal((2, HistoryEventType.ExecutionAborted), (run.Functions.Calls.Count, run.Types[^1]));
        Assert.DoesNotContain(HistoryEventType.TaskFailed, run.Types);
    }

    [Fact]
    public void Failure_that_a_stop_brings_about_is_not_the_tasks_own()
    {
        var run = new MachineRun();
        run.Functions.On("F", async call =>
        {
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, run.Clock, call.Cancelled);
            }
            catch (OperationCanceledException)
            {
                throw new IOException("the stream was closed");
            }

            return default;
        });
        ExecutionResult result = TurnedThread.Run(run.Clock, async () =>
        {
            Execution execution = run.Begin(MachineRun.Machine(Long), "[1]");
            await run.Functions.CalledAsync(1);
            return await execution.StopAsync(null, null);
        });
        Assert.Equal((ExecutionStatus.Aborted, 1), (result.Status, run.Functions.Calls.Count));
    }

    [Fact]
    public void Second_stop_and_stop_after_the_end_change_nothing()
    {
        var run = new MachineRun();
        TurnedThread.Run(run.Clock, async () =>
        {
            Execution execution = run.Begin(MachineRun.Machine(""" "W": { "Type": "Wait", "Seconds": 100, "End": true } """));
            await Task.Delay(TimeSpan.FromSeconds(3), run.Clock);
            Task<ExecutionResult> first = execution.StopAsync("First", null);
            ExecutionResult second = await execution.StopAsync("Second", null);
            Assert.Equal(("First", "First"), ((await first).Error, second.Error));
            Assert.Equal(ExecutionStatus.Aborted, (await execution.StopAsync("Third", null)).Status);
        });
        Assert.Equal(TimeSpan.FromSeconds(3), run.Clock.Elapsed);
    }

    [Fact]
    public void Machine_over_its_time_out_ends_as_timed_out()
    {
        MachineRun run = Waiting(out List<bool> cancelled);
        run.Run(Long, "[1]", """ "TimeoutSeconds": 300, """);
        Assert.Equal((ExecutionStatus.TimedOut, "States.Timeout"), (run.Result.Status, run.Result.Error));
        Assert.Equal((TimeSpan.FromSeconds(300), HistoryEventType.ExecutionTimedOut), (run.Clock.Elapsed, run.Types[^1]));
        Assert.Equal([true], cancelled);
    }

    [Fact]
    public void Machine_in_time_leaves_no_timer() => Assert.Equal(
        0, new MachineRun().Run(""" "W": { "Type": "Wait", "Seconds": 5, "End": true } """, more: """ "TimeoutSeconds": 300, """).Succeeds("{}").Clock.PendingTimers);

    [Fact]
    public void Delay_of_a_retry_is_cut_by_a_stop()
    {
        var run = new MachineRun();
        run.Functions.On("F", "!Busy");
        ExecutionResult result = TurnedThread.Run(run.Clock, async () =>
        {
            Execution execution = run.Begin(MachineRun.Machine("""
                "A": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "F" }, "Retry": [{ "ErrorEquals": ["Busy"], "IntervalSeconds": 3600 }], "End": true }
                """));
            await Task.Delay(TimeSpan.FromSeconds(10), run.Clock);
            return await execution.StopAsync(null, null);
        });
        Assert.Equal((ExecutionStatus.Aborted, 1, TimeSpan.FromSeconds(10)), (result.Status, run.Functions.Calls.Count, run.Clock.Elapsed));
    }

    [Fact]
    public void Suspended_run_goes_on_from_its_log()
    {
        MachineRun run = Waiting(out _);
        StateMachineDefinition machine = MachineRun.Machine(Long);
        ExecutionStart start = TurnedThread.Run(run.Clock, async () =>
        {
            Execution execution = run.Begin(machine, "[1]");
            await run.Functions.CalledAsync(1);
            Assert.Equal(ExecutionStatus.Running, (await execution.SuspendAsync()).Status);
            return execution.Start;
        });
        run.Functions.On("F", "1");
        ExecutionResult result = TurnedThread.Run(
            run.Clock, () => new StateMachineRunner(run.RunnerOptions).Resume(machine, start, run.Log, [.. run.Log.Entries]).Completion);
        Assert.Equal((ExecutionStatus.Succeeded, 2), (result.Status, run.Functions.Calls.Count));
    }

    private static MachineRun Waiting(out List<bool> cancelled)
    {
        var run = new MachineRun();
        List<bool> seen = cancelled = [];
        run.Functions.On("F", async call =>
        {
            call.Cancelled.Register(() => seen.Add(true));
            await Task.Delay(Timeout.InfiniteTimeSpan, run.Clock, call.Cancelled);
            return default;
        });
        return run;
    }
}
