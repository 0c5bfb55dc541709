using System.Text.Json;
using CacheBackup.Local.StateMachines;
using CacheBackup.Local.Tests.StateMachines.Support;

namespace CacheBackup.Local.Tests.StateMachines.Running;

/// <summary>Map and Parallel.</summary>
public sealed class FanOutTests
{
    [Theory]
    [InlineData(""" "MaxConcurrency": 1 """, 1)]
    [InlineData(""" "MaxConcurrency": 3 """, 3)]
    [InlineData(""" "MaxConcurrencyPath": "$.c" """, 2)]
    [InlineData(""" "MaxConcurrency": 0 """, 40)]
    [InlineData(""" "MaxConcurrency": 500 """, 60)]
    public void Map_runs_so_many_at_once_and_keeps_the_order(string concurrency, int expected)
    {
        var run = new MachineRun();
        int running = 0, most = 0;
        run.Functions.On("F", async call =>
        {
            most = Math.Max(most, ++running);
            await Task.Delay(TimeSpan.FromSeconds(1 + ((call.Payload.GetInt32() * 7) % 5)), run.Clock, call.Cancelled);
            running--;
            return call.Payload;
        });
        string items = "[" + string.Join(',', Enumerable.Range(0, 60)) + "]";
        run.Run(Map($$""" "ItemsPath": "$.i", {{concurrency}}, "End": true """), $$"""{"c":2,"i":{{items}}}""").Succeeds(items);
        Assert.Equal((expected, 0), (most, running));
    }

    [Fact]
    public void Map_starts_its_items_in_order()
    {
        var run = new MachineRun();
        run.Functions.On("F", call => call.Payload.GetRawText());
        run.Run(Map(""" "MaxConcurrency": 4, "End": true """), "[5,4,3,2,1,0]");
        Assert.Equal([5, 4, 3, 2, 1, 0], run.Functions.Calls.Select(call => call.Payload.GetInt32()));
    }

    [Fact]
    public void Item_selector_sees_the_item_and_the_input_of_the_map()
    {
        var run = new MachineRun();
        run.Functions.On("F", call => call.Payload.GetRawText());
        run.Run(
            Map(""" "ItemsPath": "$.i", "ItemSelector": { "v.$": "$$.Map.Item.Value.x", "n.$": "$$.Map.Item.Index", "k.$": "$.k" }, "ResultPath": "$.r", "OutputPath": "$.r", "End": true """),
            """{"k":1,"i":[{"x":"a"},{"x":"b"}]}""").Succeeds("""[{"v":"a","n":0,"k":1},{"v":"b","n":1,"k":1}]""");
    }

    [Fact]
    public void States_inside_see_their_own_item() => new MachineRun().Run("""
        "M": { "Type": "Map", "ItemProcessor": { "StartAt": "P", "States": { "P": { "Type": "Pass", "Parameters": { "i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value" }, "End": true } } }, "End": true }
        """, """["x"]""").Succeeds("""[{"i":0,"v":"x"}]""");

    [Fact]
    public void First_failure_stops_the_others_and_is_the_maps_error()
    {
        var run = new MachineRun();
        List<int> cancelled = [];
        run.Functions.On("F", async call =>
        {
            int item = call.Payload.GetInt32();
            if (item == 1)
            {
                await Task.Delay(TimeSpan.FromSeconds(5), run.Clock, call.Cancelled);
                throw ScriptedInvoker.Error("Broken");
            }

            call.Cancelled.Register(() => cancelled.Add(item));
            await Task.Delay(TimeSpan.FromSeconds(60), run.Clock, call.Cancelled);
            return call.Payload;
        });
        run.Run(Map(""" "MaxConcurrency": 3, "Catch": [{ "ErrorEquals": ["Broken"], "ResultPath": "$", "Next": "S" }], "End": true """) + """, "S": { "Type": "Succeed", "OutputPath": "$.Error" } """, "[0,1,2,3,4]")
            .Succeeds("\"Broken\"");

        Assert.Equal([0, 2], cancelled.Order());
        Assert.Equal((TimeSpan.FromSeconds(5), 3), (run.Clock.Elapsed, run.Functions.Calls.Count));
        Assert.Equal((1, 2, 1), (Count(run, HistoryEventType.MapIterationFailed), Count(run, HistoryEventType.MapIterationAborted), Count(run, HistoryEventType.MapStateFailed)));
    }

    [Theory]
    [InlineData("ItemsPath", """{"i":"no array","c":1}""")]
    [InlineData("MaxConcurrencyPath", """{"i":[],"c":-1}""")]
    public void Map_over_what_is_not_right_fails(string field, string input) =>
        new MachineRun().Run(Map(""" "ItemsPath": "$.i", "MaxConcurrencyPath": "$.c", "End": true """), input).Fails("States.Runtime", field);

    [Fact]
    public void Error_in_the_item_selector_fails_the_iteration()
    {
        MachineRun run = new MachineRun().Run(Map(""" "ItemSelector": { "x.$": "States.StringToJson($$.Map.Item.Value)" }, "MaxConcurrency": 1, "End": true """), """["{"]""");
        run.Fails("States.IntrinsicFailure");
        Assert.Equal(1, Count(run, HistoryEventType.MapIterationFailed));
    }

    [Fact]
    public void Wait_inside_a_map_runs_side_by_side() => Assert.Equal(TimeSpan.FromSeconds(30), new MachineRun().Run("""
        "M": { "Type": "Map", "ItemProcessor": { "StartAt": "W", "States": { "W": { "Type": "Wait", "SecondsPath": "$", "End": true } } }, "End": true }
        """, "[10,30,20]").Succeeds("[10,30,20]").Clock.Elapsed);

    [Fact]
    public void Parallel_gives_its_branches_results_in_order_and_takes_parameters()
    {
        var run = new MachineRun();
        run.Functions.On("F", async call =>
        {
            await Task.Delay(TimeSpan.FromSeconds(9), run.Clock, call.Cancelled);
            return call.Payload;
        });
        run.Run("""
            "P": { "Type": "Parallel", "Parameters": { "y.$": "$.x" }, "ResultSelector": { "all.$": "$" }, "Branches": [
              { "StartAt": "A", "States": { "A": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "F", "Payload.$": "$" }, "OutputPath": "$.Payload", "End": true } } },
              { "StartAt": "B", "States": { "B": { "Type": "Pass", "Result": 2, "End": true } } } ], "End": true }
            """, """{"x":1}""").Succeeds("""{"all":[{"y":1},2]}""");
    }

    [Fact]
    public void Parallel_is_retried_whole()
    {
        var run = new MachineRun();
        run.Functions.On("F", "!Broken", "1").On("G", "2");
        run.Run("""
            "P": { "Type": "Parallel", "Retry": [{ "ErrorEquals": ["Broken"], "IntervalSeconds": 3 }], "Branches": [
              { "StartAt": "A", "States": { "A": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "G" }, "OutputPath": "$.Payload", "End": true } } },
              { "StartAt": "B", "States": { "B": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "F" }, "OutputPath": "$.Payload", "End": true } } } ], "End": true }
            """).Succeeds("[2,1]");
        Assert.Equal(["F", "F", "G", "G"], run.Functions.Called.Order());
        Assert.Equal(TimeSpan.FromSeconds(3), run.Clock.Elapsed);
    }

    [Fact]
    public async Task Iterations_on_many_threads_run_once_each_until_the_history_is_full()
    {
        int[] done = new int[4_000];
        var invoker = new ScriptedInvoker();
        invoker.On("F", async call =>
        {
            await Task.Yield();
            Interlocked.Increment(ref done[call.Payload.GetInt32()]);
            return call.Payload;
        });
        var log = new MemoryExecutionLog();
        string items = "[" + string.Join(',', Enumerable.Range(0, done.Length)) + "]";
        Execution execution = new StateMachineRunner(new RunnerOptions { Invoker = invoker }).Start(
            MachineRun.Machine(Map(""" "MaxConcurrency": 40, "End": true """)),
            new ExecutionStart(new ExecutionKey("test", "threads"), "id", TimeProvider.System.GetUtcNow(), JsonElement.Parse(items)),
            log);

        ExecutionResult result = await execution.Completion.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal((ExecutionStatus.Failed, "States.Runtime"), (result.Status, result.Error));
        Assert.All(done, count => Assert.InRange(count, 0, 1));
        Assert.Equal(Enumerable.Range(1, 25_000).Select(i => (long)i), log.Entries.Select(entry => entry.Id));
    }

    private static int Count(MachineRun run, HistoryEventType type) => run.Types.Count(each => each == type);

    private static string Map(string fields) => $$"""
        "M": { "Type": "Map", "ItemProcessor": { "ProcessorConfig": { "Mode": "INLINE" }, "StartAt": "T", "States": {
          "T": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "F", "Payload.$": "$" }, "OutputPath": "$.Payload", "End": true } } }, {{fields}} }
        """;
}
