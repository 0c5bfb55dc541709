using CacheBackup.Local.StateMachines;
using CacheBackup.Local.Tests.StateMachines.Support;

namespace CacheBackup.Local.Tests.Machines;

/// <summary>A shard that is not taken in one call.</summary>
internal static class SliceScenarios
{
    private const int Calls = 5;

    /// <param name="after">The function that follows the shards.</param>
    public static MachineScenario Of(string input, string after) => new("Snapshot is called until the shard is done", machine =>
    {
        MachineRun run = new();
        foreach (string function in new[] { "CompleteBackup", "VerifyFinalShard", "BeginRemoval", "RemoveCacheRecord", "AbandonBackup", "AbandonRemoval" })
        {
            run.Functions.On(function, "null");
        }

        run.Functions.On("BeginBackup", """{"shards":[3],"concurrency":8,"method":"stream"}""")
            .On("RemoveCacheServer", """{"step":"gone","resource":""}""")
            .On("Snapshot", [.. Enumerable.Repeat("""{"shard":3,"done":false}""", Calls - 1), """{"shard":3,"done":true}"""]);
        run.Run(machine, input);
        Assert.Equal((ExecutionStatus.Succeeded, null), (run.Result.Status, run.Result.Error));
        string[] payloads = [.. run.Functions.Calls.Where(call => call.Function == "Snapshot").Select(call => call.Payload.GetRawText())];
        Assert.Equal(Calls, payloads.Length);
        Assert.Single(payloads.Distinct());
        Assert.Equal(after, run.Functions.Called.SkipWhile(function => function != "Snapshot").First(function => function != "Snapshot"));
    });
}
