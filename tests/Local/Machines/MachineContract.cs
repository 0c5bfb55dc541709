namespace CacheBackup.Local.Tests.Machines;

/// <summary>What a machine promises. The numbers stand here and in the machine's file; only if both agree are the tests green.</summary>
/// <param name="Abandon">What gives back what the machine holds; null: it holds nothing, and only ends in its state Failed.</param>
internal sealed record MachineContract(string Machine, string Variant, string Input, TaskContract[] Tasks, TaskContract? Abandon)
{
    private static readonly string[] OfBackup = ["execution", "backup", "cache", "generation"];
    private static readonly string[] OfDelete = ["execution", "backup", "generation"];
    private static readonly string[] OfExport = ["execution", "export", "generation"];
    private static readonly string[] OfCache = ["execution", "cache", "generation"];

    private static readonly string[] OfTick = ["execution"];

    private const string Done = """{"lane":0,"done":true}""";

    private const string BackupInput = """{"execution":"ignored","backup":"b","cache":"c","generation":7}""";

    /// <summary>What the machine waits for on the good path.</summary>
    public TimeSpan Waits { get; init; }

    /// <summary>What is promised beside what follows from the members above.</summary>
    public MachineScenario[] More { get; init; } = [];

    /// <summary>Answers other than null.</summary>
    public Dictionary<string, string> Answers { get; init; } = [];

    public static MachineContract[] All { get; } =
    [
        .. NativeContracts.All,
        .. ClusterContracts.All,
        new(
            "backup",
            "",
            BackupInput,
            [
                new("BeginBackup", 90, OfBackup, RetryContract.Transient),
                new("Snapshot", 930, [.. OfBackup, "shard"], RetryContract.Transient, RetryContract.Away, RetryContract.Transfer, RetryContract.Loading, RetryContract.Unsettled),
                new("CompleteBackup", 90, OfBackup, RetryContract.Transient),
            ],
            new("AbandonBackup", 90, [.. OfBackup, "failure"], RetryContract.Abandon))
        {
            More = [SliceScenarios.Of(BackupInput, "CompleteBackup")],
            Answers = new() { ["BeginBackup"] = """{"shards":[3],"concurrency":8,"method":"stream"}""", ["Snapshot"] = """{"shard":3,"done":true}""" },
        },
        new(
            "restore",
            "fill restore",
            BackupInput,
            [
                new("CheckRestore", 330, OfBackup, RetryContract.Transient),
                new("ProvisionCache", 930, [.. OfBackup, "fill"], RetryContract.Transient),
                new("ClaimTarget", 90, OfBackup, RetryContract.Transient, RetryContract.Connection, RetryContract.Loading, RetryContract.Unsettled),
                new("RestoreLane", 930, [.. OfBackup, "lane"], RetryContract.Transient, RetryContract.Connection, RetryContract.Loading, RetryContract.Unsettled),
                new("CompareLane", 930, [.. OfBackup, "lane"], RetryContract.Transient, RetryContract.Connection, RetryContract.Loading, RetryContract.Unsettled),
                new("CompareTotals", 330, OfBackup, RetryContract.Transient, RetryContract.Connection, RetryContract.Loading, RetryContract.Unsettled),
                new("CompleteRestore", 90, OfBackup, RetryContract.Transient),
            ],
            new("AbandonRestore", 90, [.. OfBackup, "failure"], RetryContract.Abandon))
        {
            Answers = new()
            {
                ["CheckRestore"] = """{"fill":"restore","lanes":[0],"concurrency":1,"target":"server","staged":[]}""",
                ["RestoreLane"] = Done,
                ["CompareLane"] = Done,
            },
        },
        .. ManagedTargetContracts.All,
        new(
            "restore",
            "fill load",
            BackupInput,
            [
                new("CheckRestore", 330, OfBackup, RetryContract.Transient),
                new("ProvisionCache", 930, [.. OfBackup, "fill"], RetryContract.Transient),
                new("CompareLane", 930, [.. OfBackup, "lane"], RetryContract.Transient, RetryContract.Connection, RetryContract.Loading, RetryContract.Unsettled),
                new("CompareTotals", 330, OfBackup, RetryContract.Transient, RetryContract.Connection, RetryContract.Loading, RetryContract.Unsettled),
                new("CompleteRestore", 90, OfBackup, RetryContract.Transient),
            ],
            new("AbandonRestore", 90, [.. OfBackup, "failure"], RetryContract.Abandon))
        {
            Answers = new()
            {
                ["CheckRestore"] = """{"fill":"load","lanes":[0],"concurrency":1,"target":"server","staged":[]}""",
                ["CompareLane"] = Done,
            },
        },
        new(
            "copy",
            "",
            """{"execution":"ignored","backup":"b","generation":7}""",
            [
                new("BeginCopy", 90, OfDelete, RetryContract.Transient),
                new("CopyShard", 930, [.. OfDelete, "shard"], RetryContract.Transient),
                new("CompleteCopy", 90, OfDelete, RetryContract.Transient),
            ],
            new("AbandonCopy", 90, [.. OfDelete, "failure"], RetryContract.Abandon))
        {
            Answers = new() { ["BeginCopy"] = """{"shards":[3],"concurrency":8}""", ["CopyShard"] = """{"shard":3}""" },
        },
        new(
            "export",
            "",
            """{"execution":"ignored","export":"e","generation":7}""",
            [
                new("CheckExport", 90, OfExport, RetryContract.Transient),
                new("ExportShard", 930, [.. OfExport, "shard"], RetryContract.Transient),
                new("CompleteExport", 90, OfExport, RetryContract.Transient),
            ],
            new("AbandonExport", 330, [.. OfExport, "failure"], RetryContract.Abandon))
        {
            Answers = new() { ["CheckExport"] = """{"shards":[3],"concurrency":8}""", ["ExportShard"] = """{"shard":3}""" },
        },
        new(
            "import",
            "",
            """{"execution":"ignored","backup":"b","generation":7}""",
            [
                new("CheckImport", 90, OfDelete, RetryContract.Transient),
                new("ImportFile", 930, OfDelete, RetryContract.Transient),
                new("CompleteImport", 90, OfDelete, RetryContract.Transient),
            ],
            new("AbandonImport", 90, [.. OfDelete, "failure"], RetryContract.Abandon)),
        new(
            "delete",
            "",
            """{"execution":"ignored","backup":"b","generation":7}""",
            [
                new("RemoveBackupObjects", 930, OfDelete, RetryContract.Transient),
                new("RemoveBackupRecord", 90, OfDelete, RetryContract.Transient),
            ],
            new("AbandonDelete", 90, [.. OfDelete, "failure"], RetryContract.Abandon)),
        new(
            "register",
            "",
            """{"execution":"ignored","cache":"c","generation":7}""",
            [new("ProbeCache", 90, OfCache, RetryContract.Transient, RetryContract.Connection, RetryContract.Loading, RetryContract.Unsettled)],
            new("AbandonRegistration", 90, [.. OfCache, "failure"], RetryContract.Abandon)),
        new(
            "remove-cache",
            "",
            """{"execution":"ignored","cache":"c","generation":7}""",
            [
                new("RemoveCacheServer", 330, OfCache, RetryContract.Transient),
                new("RemoveCacheRecord", 90, OfCache, RetryContract.Transient),
            ],
            new("AbandonRemoval", 90, [.. OfCache, "failure"], RetryContract.Abandon))
        {
            Answers = new() { ["RemoveCacheServer"] = """{"step":"gone","resource":""}""" },
        },
        new(
            "remove-cache",
            "final backup",
            BackupInput,
            [
                new("BeginBackup", 90, OfBackup, RetryContract.Transient),
                new("Snapshot", 930, [.. OfBackup, "shard"], RetryContract.Transient, RetryContract.Away, RetryContract.Transfer, RetryContract.Loading, RetryContract.Unsettled),
                new("CompleteBackup", 90, OfBackup, RetryContract.Transient),
                new("VerifyFinalShard", 930, [.. OfBackup, "shard"], RetryContract.Transient),
                new("BeginRemoval", 90, OfBackup, RetryContract.Transient),
                new("RemoveCacheServer", 330, OfCache, RetryContract.Transient),
                new("RemoveCacheRecord", 90, OfCache, RetryContract.Transient),
            ],
            new("AbandonRemoval", 90, [.. OfCache, "failure"], RetryContract.Abandon))
        {
            More = [SliceScenarios.Of(BackupInput, "CompleteBackup")],
            Answers = new()
            {
                ["BeginBackup"] = """{"shards":[3],"concurrency":8,"method":"stream"}""",
                ["Snapshot"] = """{"shard":3,"done":true}""",
                ["RemoveCacheServer"] = """{"step":"gone","resource":""}""",
            },
        },
        new(
            "schedule",
            "",
            """{"time":"2028-02-29T23:30:00Z"}""",
            [new("PlanBackups", 270, OfTick, RetryContract.Transient)],
            Abandon: null)
        {
            Answers = new() { ["PlanBackups"] = """{"due":1,"started":1,"running":0,"waiting":0,"missed":0,"unreadable":0}""" },
        },
        new(
            "purge",
            "",
            """{"time":"2028-02-29T23:30:00Z"}""",
            [
                new("ReadPurgeClock", 90, OfTick, RetryContract.Transient),
                new("MendRecords", 930, OfTick, RetryContract.Transient),
                new("PurgeBackups", 930, [.. OfTick, "after"], RetryContract.Transient),
                new("PurgeLeftovers", 930, [.. OfTick, "after"], RetryContract.Transient),
            ],
            Abandon: null)
        {
            Answers = new()
            {
                ["ReadPurgeClock"] = """{"steady":true}""",
                ["PurgeBackups"] = """{"after":"shop","done":true,"removed":1}""",
                ["PurgeLeftovers"] = """{"after":"","done":true,"removed":1}""",
            },
        },
        new(
            "restore-test",
            "",
            BackupInput,
            [
                new("CheckRestore", 330, OfBackup, RetryContract.Transient),
                new("ProvisionCache", 930, [.. OfBackup, "fill"], RetryContract.Transient),
                new("ClaimTarget", 90, OfBackup, RetryContract.Transient, RetryContract.Connection, RetryContract.Loading),
                new("RestoreLane", 930, [.. OfBackup, "lane"], RetryContract.Transient, RetryContract.Connection, RetryContract.Loading),
                new("CompareLane", 930, [.. OfBackup, "lane"], RetryContract.Transient, RetryContract.Connection, RetryContract.Loading),
                new("CompareTotals", 330, OfBackup, RetryContract.Transient, RetryContract.Connection, RetryContract.Loading),
                new("CompleteRestoreTest", 90, OfBackup, RetryContract.Transient),
                new("RemoveCacheServer", 330, OfCache, RetryContract.Transient),
                new("RemoveCacheRecord", 90, OfCache, RetryContract.Transient),
            ],
            new("AbandonRestoreTest", 330, [.. OfBackup, "failure"], RetryContract.Abandon))
        {
            Answers = new()
            {
                ["CheckRestore"] = """{"fill":"restore","lanes":[0],"concurrency":1,"target":"server","staged":[]}""",
                ["RestoreLane"] = Done,
                ["CompareLane"] = Done,
            },
        },
        new(
            "verify-sweep",
            "",
            """{"execution":"ignored","week":"20261116"}""",
            [
                new("PlanVerifySweep", 930, ["execution", "week"], RetryContract.Transient),
                new("ContinueVerifySweep", 330, ["execution", "week"], RetryContract.Transient),
            ],
            new("AbandonVerifySweep", 90, ["execution", "week", "failure"], RetryContract.Abandon))
        {
            Answers = new() { ["PlanVerifySweep"] = """{"more":false}""", ["ContinueVerifySweep"] = """{"more":false}""" },
        },
        new(
            "verify",
            "",
            """{"execution":"ignored","backup":"b","generation":7}""",
            [
                new("PlanVerify", 90, OfDelete, RetryContract.Transient),
                new("VerifyShard", 930, [.. OfDelete, "shard"], RetryContract.Transient),
                new("CompleteVerify", 90, OfDelete, RetryContract.Transient),
            ],
            new("AbandonVerify", 90, [.. OfDelete, "failure"], RetryContract.Abandon))
        {
            Answers = new() { ["PlanVerify"] = """{"shards":[3],"concurrency":8}""", ["VerifyShard"] = """{"shard":3}""" },
        },
    ];
}
