using System.Text.Json;
using CacheBackup.Local.StateMachines;
using CacheBackup.Local.Tests.StateMachines.Support;

namespace CacheBackup.Local.Tests.Machines;

/// <summary>
/// The worst case of every machine: 500 shards, 10 TB, in calls of a quarter of an hour at a pessimistic speed. Step Functions ends an
/// execution at 25,000 events and a state at 262,144 bytes; a machine stays under 20,000, so that retries fit in too.
/// </summary>
public sealed class WorstCaseTests
{
    private const int Shards = 500;
    private const double Bytes = 10e12;
    private const int Lanes = 40;

    /// <summary>Of one lane, read from S3 and sent to, or read back from, a busy cache.</summary>
    private const double BytesPerSecond = 10e6;

    /// <summary>A function's 900 seconds without what is kept back, and without half a range of 1 GiB that is begun again.</summary>
    private const double SecondsPerCall = 900 - 30 - 54;

    private const int MostEvents = 20_000;
    private const int MostBytes = 262_144;

    private const string Backup = """{"execution":"ignored","backup":"b","cache":"c","generation":7}""";
    private const string Export = """{"execution":"ignored","export":"e","backup":"b","cache":"c","generation":7}""";

    private static readonly int CallsPerLane = (int)Math.Ceiling(Bytes / Lanes / BytesPerSecond / SecondsPerCall);

    // Both are of a length that no number of ours exceeds.
    private static readonly string AllShards = $"[{string.Join(',', Enumerable.Range(1, Shards))}]";
    private static readonly string AllLanes = $"[{string.Join(',', Enumerable.Range(0, Lanes))}]";

    public static TheoryData<string, string, string> Cases => new()
    {
        { "backup", "", Backup },
        { "copy", "", Backup },
        { "export", "", Export },
        { "verify", "", Backup },
        { "remove-cache", "", Backup },
        { "restore", "server", Backup },
        { "restore", "self-designed", Backup },
        { "restore", "serverless", Backup },
        { "restore-test", "server", Backup },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Machine_holds_500_shards_and_10_TB(string machine, string target, string input)
    {
        MachineRun run = Script(target).Run(StateMachineDefinition.Parse(machine, MachineFile.Read(machine)), input);

        Assert.Equal((ExecutionStatus.Succeeded, null), (run.Result.Status, run.Result.Error));
        TestContext.Current.TestOutputHelper?.WriteLine($"{machine} {target}: {run.Log.Entries.Count:N0} events, {run.Log.Entries.Max(Largest):N0} bytes at most");
        Assert.InRange(run.Log.Entries.Count, Shards, MostEvents);
        Assert.InRange(run.Log.Entries.Max(Largest), 1, MostBytes);
    }

    [Fact]
    public void A_call_of_a_lane_and_the_choice_behind_it_are_seven_events()
    {
        int one = Events(calls: 1);
        Assert.Equal(Lanes * 7, Events(calls: 2) - one);

        static int Events(int calls)
        {
            MachineRun run = Script("server");
            LaneOf(run, "CompareLane", calls);
            run.Run(StateMachineDefinition.Parse("restore", MachineFile.Read("restore")), Backup);
            return run.Log.Entries.Count;
        }
    }

    /// <summary>What operations.md says of the slices of a scan.</summary>
    [Fact]
    public void A_call_for_a_slice_and_the_choice_behind_it_are_seven_events()
    {
        int one = Events(calls: 1);
        Assert.Equal(7, Events(calls: 2) - one);
        Assert.Equal(70, Events(calls: 11) - one);

        static int Events(int calls)
        {
            MachineRun run = Script("server");
            run.Functions.On("BeginBackup", """{"shards":[1],"concurrency":1,"method":"stream"}""");
            run.Functions.On("Snapshot", [.. Enumerable.Repeat("""{"shard":1,"done":false}""", calls - 1), """{"shard":1,"done":true}"""]);
            run.Run(StateMachineDefinition.Parse("backup", MachineFile.Read("backup")), Backup);
            return run.Log.Entries.Count;
        }
    }

    [Fact]
    public void The_worst_case_is_no_better_than_it_says() => Assert.InRange(CallsPerLane, 30, 40);

    private static MachineRun Script(string target)
    {
        MachineRun run = new();
        string fill = target == "server" ? "restore" : "load";
        string staged = target == "server" ? "[]" : AllShards;
        string plan = $$"""{"shards":{{AllShards}},"concurrency":40,"method":"stream"}""";
        run.Functions
            .On("BeginBackup", plan).On("BeginCopy", plan).On("CheckExport", plan).On("PlanVerify", plan)
            .On("CheckRestore", $$"""{"fill":"{{fill}}","lanes":{{AllLanes}},"concurrency":40,"target":"{{target}}","staged":{{staged}}}""")
            .On("RequestManagedCache", """{"id":"c","seconds":60,"ready":false}""")
            .On("elasticache:describeReplicationGroups", """{"ReplicationGroups":[{"Status":"creating"}]}""")
            .On("elasticache:describeServerlessCaches", """{"ServerlessCaches":[{"Status":"CREATING"}]}""")
            .On("RemoveCacheServer", """{"step":"gone","resource":""}""")
            .On("RemoveStagedFiles", """{"removed":500}""");
        foreach (string each in new[] { "Snapshot", "CopyShard", "ExportShard", "VerifyShard" })
        {
            run.Functions.On(each, """{"shard":500,"done":true}""");
        }

        foreach (string nothing in new[]
        {
            "CompleteBackup", "CompleteCopy", "CompleteExport", "CompleteVerify", "CompleteRestore", "CompleteRestoreTest", "VerifyFinalShard", "BeginRemoval",
            "RemoveCacheRecord", "ProvisionCache", "ClaimTarget", "StageFile", "AdoptManagedCache", "CompareTotals",
        })
        {
            run.Functions.On(nothing, "null");
        }

        LaneOf(run, "RestoreLane", CallsPerLane);
        LaneOf(run, "CompareLane", CallsPerLane);
        WaitADay(run);
        return run;
    }

    /// <summary>Every lane is done at its call of that number.</summary>
    private static void LaneOf(MachineRun run, string function, int calls)
    {
        var made = new int[Lanes];
        run.Functions.On(function, call =>
        {
            int lane = call.Payload.GetProperty("lane").GetInt32();
            return Interlocked.Increment(ref made[lane]) < calls ? """{"lane":1,"done":false}""" : """{"lane":1,"done":true}""";
        });
    }

    /// <summary>ElastiCache takes all the time that it is given: a day, looked at as CheckManagedCache says.</summary>
    private static void WaitADay(MachineRun run)
    {
        DateTimeOffset begun = run.Clock.GetUtcNow();
        run.Functions.On("CheckManagedCache", _ =>
        {
            TimeSpan waited = run.Clock.GetUtcNow() - begun;
            int seconds = (int)Math.Clamp(waited.TotalSeconds / 10, 60, 1800);
            return waited < TimeSpan.FromHours(24) ? $$"""{"id":"c","seconds":{{seconds}},"ready":false}""" : """{"id":"c","seconds":60,"ready":true}""";
        });
    }

    private static int Largest(HistoryEvent entry) => new[] { entry.Input, entry.Output, entry.Parameters }
        .Max(payload => payload is { } present ? JsonSerializer.SerializeToUtf8Bytes(present).Length : 0);
}
