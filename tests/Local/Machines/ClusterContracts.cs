using CacheBackup.Local.Tests.StateMachines.Support;

namespace CacheBackup.Local.Tests.Machines;

/// <summary>What the machines promise of caches in cluster mode: they are asked for their shards until none is left to take.</summary>
internal static class ClusterContracts
{
    private const string Input = """{"execution":"ignored","backup":"b","cache":"c","generation":7}""";
    private const string Begun = """{"shards":[],"concurrency":8,"method":"stream"}""";
    private const string Taken = """{"shards":[1,2,3],"concurrency":8,"round":3,"done":true}""";
    private static readonly string[] OfBackup = ["execution", "backup", "cache", "generation"];
    private static readonly string[] OfCache = ["execution", "cache", "generation"];

    private static readonly TaskContract Survey = new(
        "SurveyCluster", 90, [.. OfBackup, "round"], RetryContract.Transient, RetryContract.Connection, RetryContract.Loading, RetryContract.Unsettled);

    public static MachineContract[] All { get; } =
    [
        new(
            "backup",
            "cluster",
            Input,
            [new("BeginBackup", 90, OfBackup, RetryContract.Transient), Survey, new("CompleteBackup", 90, OfBackup, RetryContract.Transient)],
            new("AbandonBackup", 90, [.. OfBackup, "failure"], RetryContract.Abandon))
        {
            Answers = new() { ["BeginBackup"] = Begun, ["SurveyCluster"] = Taken },
            More = [IsAskedUntilAllIsTaken("CompleteBackup", [])],
        },
        new(
            "remove-cache",
            "final backup of a cluster",
            Input,
            [
                new("BeginBackup", 90, OfBackup, RetryContract.Transient),
                Survey,
                new("CompleteBackup", 90, OfBackup, RetryContract.Transient),
                new("BeginRemoval", 90, OfBackup, RetryContract.Transient),
                new("RemoveCacheServer", 330, OfCache, RetryContract.Transient),
                new("RemoveCacheRecord", 90, OfCache, RetryContract.Transient),
            ],
            new("AbandonRemoval", 90, [.. OfCache, "failure"], RetryContract.Abandon))
        {
            Answers = new()
            {
                ["BeginBackup"] = Begun,
                ["SurveyCluster"] = """{"shards":[],"concurrency":8,"round":3,"done":true}""",
                ["RemoveCacheServer"] = """{"step":"gone","resource":""}""",
            },
            More = [IsAskedUntilAllIsTaken("BeginRemoval", ["VerifyFinalShard", "VerifyFinalShard", "VerifyFinalShard"])],
        },
    ];

    /// <summary>All shards, then the one that has changed meanwhile; published when none is left, and all are read back before a cache goes.</summary>
    private static MachineScenario IsAskedUntilAllIsTaken(string after, string[] readBack) => new("the cluster is asked until every shard is taken", machine =>
    {
        MachineRun run = new();
        run.Functions.On("BeginBackup", Begun)
            .On("SurveyCluster", """{"shards":[1,2,3],"concurrency":8,"round":1,"done":false}""", """{"shards":[2],"concurrency":8,"round":2,"done":false}""", Taken)
            .On("Snapshot", """{"shard":1,"done":true}""").On("CompleteBackup", "null").On("VerifyFinalShard", "null").On("BeginRemoval", "null")
            .On("RemoveCacheServer", """{"step":"gone","resource":""}""").On("RemoveCacheRecord", "null");
        run.Run(machine, Input);
        Assert.Equal("Succeeded", run.Result.Status.ToString());
        string[] called = [.. run.Functions.Called];
        Assert.Equal(
            ["BeginBackup", "SurveyCluster", "Snapshot", "Snapshot", "Snapshot", "SurveyCluster", "Snapshot", "SurveyCluster", "CompleteBackup"], called[..9]);
        Assert.Equal(readBack, called.Where(function => function == "VerifyFinalShard"));
        Assert.Contains(after, called);
        Assert.Equal([0, 1, 2], run.Functions.Calls.Where(call => call.Function == "SurveyCluster").Select(call => call.Payload.GetProperty("round").GetInt32()));
    });
}
