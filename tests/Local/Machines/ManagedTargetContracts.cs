using CacheBackup.Local.StateMachines;
using CacheBackup.Local.Tests.StateMachines.Support;

namespace CacheBackup.Local.Tests.Machines;

/// <summary>What the restore machine promises of caches that ElastiCache makes.</summary>
internal static class ManagedTargetContracts
{
    private const string Input = """{"execution":"ignored","backup":"b","cache":"c","generation":7}""";
    private const string Coming = """{"id":"c","seconds":120,"ready":false}""";
    private const string Ready = """{"id":"c","seconds":120,"ready":true}""";
    private const string Unreachable = "CacheUnreachableException";

    private static readonly string[] OfRestore = ["execution", "backup", "cache", "generation"];
    private static readonly TimeSpan Poll = TimeSpan.FromMinutes(2);

    private static readonly TaskContract[] Asking =
    [
        new("CheckRestore", 330, OfRestore, RetryContract.Transient),
        new("StageFile", 930, [.. OfRestore, "shard"], RetryContract.Transient),
        new("RequestManagedCache", 90, OfRestore, RetryContract.Transient),
    ];

    private static readonly TaskContract Checking = new("CheckManagedCache", 330, OfRestore, RetryContract.Transient) { After = Poll };
    private static readonly TaskContract Adopting = new("AdoptManagedCache", 330, OfRestore, RetryContract.Transient) { After = Poll };
    private static readonly TaskContract Removing = new("RemoveStagedFiles", 330, OfRestore, RetryContract.Transient) { After = Poll, MayFail = true };
    private static readonly TaskContract Abandoning = new("AbandonRestore", 90, [.. OfRestore, "failure"], RetryContract.Abandon);

    private static readonly TaskContract[] Comparing =
    [
        new("CompareLane", 930, [.. OfRestore, "lane"], RetryContract.Transient, RetryContract.Connection, RetryContract.Loading)
        {
            After = Poll,
            Forgives = [Unreachable],
        },
        new("CompareTotals", 330, OfRestore, RetryContract.Transient, RetryContract.Connection, RetryContract.Loading)
        {
            After = Poll,
            Forgives = [Unreachable],
        },
    ];

    public static MachineContract[] All { get; } =
    [
        Of("cluster", [.. Asking, Adopting, .. Comparing, Removing, Completing()], "available", Ready, MoreOf("self-designed", "describeReplicationGroups")),
        Of("serverless", [.. Asking, Adopting, .. Comparing, Removing, Completing()], "AVAILABLE", Ready, MoreOf("serverless", "describeServerlessCaches")),
        Of("in a state that is not known", [.. Asking, Checking, Adopting, .. Comparing, Removing, Completing()], "resting", Ready, []),
        Of(
            "that is not compared",
            [.. Asking, Adopting, new("CompareLane", 930, [.. OfRestore, "lane"]) { After = Poll }, Removing, Completing("uncompared")],
            "available",
            Ready,
            []) with
        {
            Answers = AnswersOf("self-designed", Ready, "!CacheNotComparableException"),
        },
    ];

    private static TaskContract Completing(params string[] more) => new("CompleteRestore", 90, [.. OfRestore, .. more], RetryContract.Transient) { After = Poll };

    private static MachineContract Of(string variant, TaskContract[] tasks, string status, string check, MachineScenario[] more) =>
        new("restore", $"elasticache {variant}", Input, tasks, Abandoning)
        {
            Waits = Poll,
            More = more,
            Services = ServicesOf(status),
            Answers = AnswersOf(variant == "serverless" ? "serverless" : "self-designed", check, """{"lane":0,"done":true}"""),
        };

    private static Dictionary<string, string> ServicesOf(string status) => new()
    {
        ["describeReplicationGroups"] = $$"""{"ReplicationGroups":[{"ReplicationGroupId":"c","Status":"{{status}}"}]}""",
        ["describeServerlessCaches"] = $$"""{"ServerlessCaches":[{"ServerlessCacheName":"c","Status":"{{status}}"}]}""",
    };

    private static Dictionary<string, string> AnswersOf(string target, string check, string compare) => new()
    {
        ["CheckRestore"] = $$"""{"fill":"load","lanes":[0],"concurrency":1,"target":"{{target}}","staged":[3]}""",
        ["RequestManagedCache"] = Coming,
        ["CheckManagedCache"] = check,
        ["CompareLane"] = compare,
        ["RemoveStagedFiles"] = """{"removed":1}""",
    };

    /// <summary>What is not on the good path: descriptions that fail, and the staged files of a restore that does.</summary>
    private static MachineScenario[] MoreOf(string target, string action) =>
    [
        new("a Describe that fails is judged by asking", machine =>
        {
            MachineRun run = Script(target, _ => throw new TaskFailedException("ElastiCache.SomethingNew", "scripted"));
            run.Run(machine, Input);
            Assert.Equal((ExecutionStatus.Succeeded, 1), (run.Result.Status, run.Functions.Called.Count(function => function == "CheckManagedCache")));
        }),
        new("a Describe that never answers is judged by asking", machine =>
        {
            MachineRun run = Script(target, null);
            run.Run(machine, Input);
            Assert.Equal((ExecutionStatus.Succeeded, Poll + TimeSpan.FromMinutes(1)), (run.Result.Status, run.Clock.Elapsed));
        }),
        .. RetryContract.Transient.Errors.Select(error => new MachineScenario($"files of a failure are removed after {error}", machine =>
        {
            MachineRun run = ScriptFailure(target, jitter: 1, [.. Enumerable.Repeat($"!{error}", RetryContract.Transient.Attempts), "null"]);
            run.Run(machine, Input).Fails("ProvisioningException");
            Assert.Equal(RetryContract.Transient.Attempts + 1, run.Functions.Called.Count(function => function == "RemoveStagedFiles"));
            Assert.Equal(("AbandonRestore", RetryContract.Transient.Waits), (run.Functions.Called[^1], run.Clock.Elapsed));
        })),
        new("files of a failure are removed with jitter", machine =>
        {
            MachineRun run = ScriptFailure(target, jitter: 0.5, [.. Enumerable.Repeat("!StoreUnavailableException", RetryContract.Transient.Attempts), "null"]);
            run.Run(machine, Input).Fails("ProvisioningException");
            Assert.Equal(RetryContract.Transient.Waits / 2, run.Clock.Elapsed);
        }),
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
            Assert.Equal(("AbandonRestore", TimeSpan.FromSeconds(330)), (run.Functions.Called[^1], run.Clock.Elapsed));
        }),
        new("a state that passes is waited for", machine =>
        {
            MachineRun run = Script(target, call => call < 4 ? "creating" : call < 5 ? "modifying" : "available");
            run.Functions.On("CheckManagedCache", Coming, Coming, """{"id":"c","seconds":600,"ready":false}""");
            run.Run(machine, Input);
            Assert.Equal((ExecutionStatus.Succeeded, 5), (run.Result.Status, run.Functions.Called.Count(function => function == "CheckManagedCache")));
            Assert.Equal((Poll * 3) + TimeSpan.FromMinutes(30), run.Clock.Elapsed);
        }),
    ];

    private static MachineRun ScriptFailure(string target, double jitter, string[] removals)
    {
        MachineRun run = Script(target, _ => "available", jitter);
        run.Functions.On("RequestManagedCache", "!ProvisioningException").On("RemoveStagedFiles", removals);
        return run;
    }

    /// <param name="status">The status at each call of a Describe; null: it never answers.</param>
    private static MachineRun Script(string target, Func<int, string>? status, double jitter = 1)
    {
        int calls = 0;
        MachineRun run = new()
        {
            Options = options => options with
            {
                Jitter = () => jitter,
                Services = new ScriptedServices(async (call, token) =>
                {
                    if (status is null)
                    {
                        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                    }

                    return ServicesOf(status!(calls++))[call.Action];
                }),
            },
        };
        foreach ((string function, string answer) in AnswersOf(target, Ready, """{"lane":0,"done":true}"""))
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
