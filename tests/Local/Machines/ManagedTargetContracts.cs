using CacheBackup.Local.StateMachines;
using CacheBackup.Local.Tests.StateMachines.Support;

namespace CacheBackup.Local.Tests.Machines;

/// <summary>What the restore machine promises of caches that ElastiCache makes.</summary>
internal static class ManagedTargetContracts
{
    private const string Input = """{"execution":"ignored","backup":"b","cache":"c","generation":7}""";
    private const string Coming = """{"id":"c","seconds":120,"ready":false}""";
    private const string Ready = """{"id":"c","seconds":120,"ready":true}""";
    private const string DescribeCluster = "elasticache:describeReplicationGroups";
    private const string DescribeServerless = "elasticache:describeServerlessCaches";
    private static readonly string[] Unreachable = ["CacheUnreachableException", .. RetryContract.Capacity.Errors];

    private static readonly string[] OfRestore = ["execution", "backup", "cache", "generation"];
    private static readonly TimeSpan Poll = TimeSpan.FromMinutes(2);

    private static readonly TaskContract[] Asking =
    [
        new("CheckRestore", 330, OfRestore, RetryContract.Transient),
        new("StageFile", 930, [.. OfRestore, "shard"], RetryContract.Transient),
        new("RequestManagedCache", 90, OfRestore, RetryContract.Transient),
    ];

    private static readonly TaskContract LookingAtCluster = new(DescribeCluster, 60, ["ReplicationGroupId"]) { After = Poll, Refused = "CheckManagedCache" };
    private static readonly TaskContract LookingAtServerless = new(DescribeServerless, 60, ["ServerlessCacheName"]) { After = Poll, Refused = "CheckManagedCache" };
    private static readonly TaskContract Checking = new("CheckManagedCache", 330, OfRestore, RetryContract.Transient) { After = Poll };
    private static readonly TaskContract Adopting = new("AdoptManagedCache", 330, OfRestore, RetryContract.Transient) { After = Poll };
    private static readonly TaskContract Removing = new("RemoveStagedFiles", 330, OfRestore, RetryContract.Transient) { After = Poll, MayFail = true };
    private static readonly TaskContract Abandoning = new("AbandonRestore", 90, [.. OfRestore, "failure"], RetryContract.Abandon);

    private static readonly TaskContract[] Comparing =
    [
        new("CompareLane", 930, [.. OfRestore, "lane"], RetryContract.Transient, RetryContract.Connection, RetryContract.Loading, RetryContract.Unsettled)
        {
            After = Poll,
            Forgives = Unreachable,
        },
        new("CompareTotals", 330, OfRestore, RetryContract.Transient, RetryContract.Connection, RetryContract.Loading, RetryContract.Unsettled)
        {
            After = Poll,
            Forgives = Unreachable,
        },
    ];

    public static MachineContract[] All { get; } =
    [
        Of("cluster", "self-designed", [.. Asking, LookingAtCluster, Adopting, .. Comparing, Removing, Completing()], "available", Ready, MoreOf("self-designed")),
        Of("serverless", "serverless", [.. Asking, LookingAtServerless, Adopting, .. Comparing, Removing, Completing()], "AVAILABLE", Ready, MoreOf("serverless")),
        Of("cluster in a state that is not known", "self-designed", [.. Asking, LookingAtCluster, Checking, Adopting, .. Comparing, Removing, Completing()], "resting", Ready, []),
        Of("serverless in a state that is not known", "serverless", [.. Asking, LookingAtServerless, Checking, Adopting, .. Comparing, Removing, Completing()], "RESTING", Ready, []),
        Of(
            "that is not compared",
            "self-designed",
            [.. Asking, LookingAtCluster, Adopting, new("CompareLane", 930, [.. OfRestore, "lane"]) { After = Poll }, Removing, Completing("uncompared")],
            "available",
            Ready,
            []) with
        {
            Answers = AnswersOf("self-designed", "available", Ready, "!CacheNotComparableException"),
        },
    ];

    private static TaskContract Completing(params string[] more) => new("CompleteRestore", 90, [.. OfRestore, .. more], RetryContract.Transient) { After = Poll };

    private static string ClusterIn(string status) => $$"""{"ReplicationGroups":[{"ReplicationGroupId":"c","Status":"{{status}}"}]}""";

    private static string ServerlessIn(string status) => $$"""{"ServerlessCaches":[{"ServerlessCacheName":"c","Status":"{{status}}"}]}""";

    private static MachineContract Of(string variant, string target, TaskContract[] tasks, string status, string check, MachineScenario[] more) =>
        new("restore", $"elasticache {variant}", Input, tasks, Abandoning)
        {
            Waits = Poll,
            More = more,
            Answers = AnswersOf(target, status, check, """{"lane":0,"done":true}"""),
        };

    private static Dictionary<string, string> AnswersOf(string target, string status, string check, string compare) => new()
    {
        [DescribeCluster] = ClusterIn(status),
        [DescribeServerless] = ServerlessIn(status),
        ["CheckRestore"] = $$"""{"fill":"load","lanes":[0],"concurrency":1,"target":"{{target}}","staged":[3]}""",
        ["RequestManagedCache"] = Coming,
        ["CheckManagedCache"] = check,
        ["CompareLane"] = compare,
        ["RemoveStagedFiles"] = """{"removed":1}""",
    };

    /// <summary>What is not on the good path: the staged files of a restore that fails, and states that pass.</summary>
    private static MachineScenario[] MoreOf(string target) =>
    [
        .. new[] { RetryContract.Capacity, RetryContract.Transient, RetryContract.Died }.SelectMany(retry => OfFailuresFiles(target, retry)),
        new("files of a failure that cannot be removed do not keep it from being given up", machine =>
        {
            MachineRun run = ScriptFailure(target, jitter: 1, ["!StoreAccessDeniedException"]);
            run.Run(machine, Input).Fails("ProvisioningException");
            Assert.Equal("AbandonRestore", run.Functions.Called[^1]);
        }),
        new("files of a failure whose removal never ends do not keep it from being given up", machine =>
        {
            MachineRun run = ScriptFailure(target, jitter: 1, ["null"]);
            run.Functions.On("RemoveStagedFiles", async call =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, call.Cancelled);
                return default;
            });
            run.Run(machine, Input).Fails("ProvisioningException");
            Assert.Equal(("AbandonRestore", Removing.Silence.Time), (run.Functions.Called[^1], run.Clock.Elapsed));
        }),
        new("a state that passes is waited for", machine =>
        {
            MachineRun run = Script(target);
            string[] statuses = [.. Enumerable.Repeat("creating", 4), "modifying", "available"];
            run.Functions
                .On(DescribeCluster, [.. statuses.Select(ClusterIn)])
                .On(DescribeServerless, [.. statuses.Select(ServerlessIn)])
                .On("CheckManagedCache", Coming, Coming, """{"id":"c","seconds":600,"ready":false}""");
            run.Run(machine, Input);
            Assert.Equal((ExecutionStatus.Succeeded, 5), (run.Result.Status, run.Functions.Called.Count(function => function == "CheckManagedCache")));
            Assert.Equal((Poll * 3) + TimeSpan.FromMinutes(30), run.Clock.Elapsed);
        }),
    ];

    private static IEnumerable<MachineScenario> OfFailuresFiles(string target, RetryContract retry) =>
    [
        .. retry.Errors.Select(error => new MachineScenario($"files of a failure are removed after {error}", machine =>
        {
            MachineRun run = ScriptFailure(target, jitter: 1, [.. Enumerable.Repeat($"!{error}", retry.Attempts), "null"]);
            run.Run(machine, Input).Fails("ProvisioningException");
            Assert.Equal(retry.Attempts + 1, run.Functions.Called.Count(function => function == "RemoveStagedFiles"));
            Assert.Equal(("AbandonRestore", retry.Waits), (run.Functions.Called[^1], run.Clock.Elapsed));
        })),
        new($"files of a failure are removed with jitter after {retry.Errors[0]}", machine =>
        {
            MachineRun run = ScriptFailure(target, jitter: 0.5, [.. Enumerable.Repeat($"!{retry.Errors[0]}", retry.Attempts), "null"]);
            run.Run(machine, Input).Fails("ProvisioningException");
            Assert.Equal(retry.Waits / 2, run.Clock.Elapsed);
        }),
    ];

    private static MachineRun ScriptFailure(string target, double jitter, string[] removals)
    {
        MachineRun run = Script(target, jitter);
        run.Functions.On("RequestManagedCache", "!ProvisioningException").On("RemoveStagedFiles", removals);
        return run;
    }

    private static MachineRun Script(string target, double jitter = 1)
    {
        MachineRun run = new() { Options = options => options with { Jitter = () => jitter } };
        foreach ((string function, string answer) in AnswersOf(target, "available", Ready, """{"lane":0,"done":true}"""))
        {
            run.Functions.On(function, answer);
        }

        foreach (string function in new[] { "StageFile", "AdoptManagedCache", "CompareTotals", "CompleteRestore", "AbandonRestore" })
        {
            run.Functions.On(function, "null");
        }

        return run;
    }
}
