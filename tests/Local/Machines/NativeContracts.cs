namespace CacheBackup.Local.Tests.Machines;

/// <summary>What the machines promise where ElastiCache does the work.</summary>
internal static class NativeContracts
{
    private const string BackupInput = """{"execution":"ignored","backup":"b","cache":"c","generation":7}""";
    private const string Shards = """{"state":"ready","shards":[3],"concurrency":8}""";
    private const string Refusal = "!ElastiCache.InvalidParameterCombinationException";

    // The one failure that is not asked again.
    private const string NoAnswer = "!States.Timeout";

    private static readonly string[] OfBackup = ["execution", "backup", "cache", "generation"];
    private static readonly string[] OfCache = ["execution", "cache", "generation"];

    public static MachineContract[] All { get; } =
    [
        Backup(serverless: false, refused: false),
        Backup(serverless: false, refused: true),
        Backup(serverless: true, refused: false),
        Backup(serverless: true, refused: true),
        FinalBackup(serverless: false, refused: false),
        FinalBackup(serverless: false, refused: true),
        FinalBackup(serverless: true, refused: false),
        FinalBackup(serverless: true, refused: true),
        RefusedDeletion("elasticache:deleteServerlessCache", ["ServerlessCacheName"], "delete-serverless-cache"),
        RefusedDeletion("elasticache:deleteReplicationGroup", ["ReplicationGroupId", "RetainPrimaryCluster"], "delete-replication-group"),
        Registration("native", [new("DescribeManagedSource", 90, OfCache, RetryContract.Transient)]),
        Registration(
            "stream",
            [
                new("DescribeManagedSource", 90, OfCache, RetryContract.Transient),
                new("ProbeCache", 90, OfCache, RetryContract.Transient, RetryContract.Connection, RetryContract.Loading, RetryContract.Unsettled),
            ]),
    ];

    private static MachineContract Backup(bool serverless, bool refused) => new(
        "backup",
        Variant(serverless, refused),
        BackupInput,
        [.. Native(serverless, refused)],
        new("AbandonBackup", 90, [.. OfBackup, "failure"], RetryContract.Abandon))
    {
        Answers = Answers(serverless, refused),
    };

    private static MachineContract FinalBackup(bool serverless, bool refused) => new(
        "remove-cache",
        $"final backup {Variant(serverless, refused)}",
        BackupInput,
        [
            .. Native(serverless, refused),
            new("VerifyFinalShard", 930, [.. OfBackup, "shard"], RetryContract.Transient),
            new("BeginRemoval", 90, OfBackup, RetryContract.Transient),
            new("RemoveCacheServer", 330, OfCache, RetryContract.Transient),
            new("RemoveCacheRecord", 90, OfCache, RetryContract.Transient),
        ],
        new("AbandonRemoval", 90, [.. OfCache, "failure"], RetryContract.Abandon))
    {
        Answers = new(Answers(serverless, refused)) { ["RemoveCacheServer"] = """{"step":"gone","resource":""}""" },
    };

    /// <summary>A deletion that ElastiCache refuses and the next look finds done: what accepted ones wait for stands in the cases.</summary>
    private static MachineContract RefusedDeletion(string action, string[] parameters, string step) => new(
        "remove-cache",
        step,
        """{"execution":"ignored","cache":"c","generation":7}""",
        [
            new("RemoveCacheServer", 330, OfCache, RetryContract.Transient),
            new(action, 90, parameters) { Refused = "RemoveCacheServer+refusal" },
            new("RemoveCacheServer+refusal", 330, [.. OfCache, "refusal"], RetryContract.Transient),
            new("RemoveCacheRecord", 90, OfCache, RetryContract.Transient),
        ],
        new("AbandonRemoval", 90, [.. OfCache, "failure"], RetryContract.Abandon))
    {
        Answers = new()
        {
            ["RemoveCacheServer"] = $$"""{"step":"{{step}}","resource":"c"}""",
            [action] = Refusal,
            ["RemoveCacheServer+refusal"] = """{"step":"gone","resource":""}""",
        },
    };

    private static MachineContract Registration(string method, TaskContract[] tasks) => new(
        "register",
        method,
        $$"""{"execution":"ignored","cache":"c","generation":7,"managed":"{{method}}"}""",
        tasks,
        new("AbandonRegistration", 90, [.. OfCache, "failure"], RetryContract.Abandon));

    private static string Variant(bool serverless, bool refused) =>
        (serverless ? "native serverless" : "native self-designed") + (refused ? ", export refused" : string.Empty);

    private static IEnumerable<TaskContract> Native(bool serverless, bool refused) =>
    [
        new("BeginBackup", 90, OfBackup, RetryContract.Transient),
        new("RequestNativeSnapshot", 90, OfBackup, RetryContract.Transient, RetryContract.SourceBusy),
        new("CheckNativeSnapshot", 90, OfBackup, RetryContract.Transient),
        new("BeginNativeExport", 90, OfBackup, RetryContract.Transient),
        serverless
            ? new("elasticache:exportServerlessCacheSnapshot", 90, ["ServerlessCacheSnapshotName", "S3BucketName"], RetryContract.Asking) { Refused = "CheckNativeSnapshot+export+refusal" }
            : new("elasticache:copySnapshot", 90, ["SourceSnapshotName", "TargetSnapshotName", "TargetBucket"], RetryContract.Asking) { Refused = "CheckNativeSnapshot+export+refusal" },
        refused
            ? new("CheckNativeSnapshot+export+refusal", 90, [.. OfBackup, "export", "refusal"], RetryContract.Transient)
            : new("CheckNativeSnapshot+export", 90, [.. OfBackup, "export"], RetryContract.Transient),
        new("AdoptNativeFile", 930, [.. OfBackup, "shard"], RetryContract.Transient),
        new("CompleteBackup", 90, OfBackup, RetryContract.Transient),
        new("RemoveNativeFiles", 90, OfBackup, RetryContract.Transient),
        serverless
            ? new("elasticache:deleteServerlessCacheSnapshot", 90, ["ServerlessCacheSnapshotName"]) { Refused = "RemoveNativeFiles+confirm" }
            : new("elasticache:deleteSnapshot", 90, ["SnapshotName"]) { Refused = "RemoveNativeFiles+confirm" },
        new("RemoveNativeFiles+confirm", 90, [.. OfBackup, "confirm"], RetryContract.Transient),
    ];

    private static Dictionary<string, string> Answers(bool serverless, bool refused)
    {
        string export = refused ? NoAnswer : "{}";
        return new()
        {
            ["BeginBackup"] = """{"shards":[],"concurrency":8,"method":"native"}""",
            ["CheckNativeSnapshot"] = """{"state":"ready","shards":[],"concurrency":8}""",
            ["BeginNativeExport"] = $$"""{"step":"{{(serverless ? "export" : "copy")}}","snapshot":"b-1","target":"native-b-1","bucket":"exchange"}""",
            ["elasticache:exportServerlessCacheSnapshot"] = export,
            ["elasticache:copySnapshot"] = export,
            ["CheckNativeSnapshot+export"] = Shards,
            ["CheckNativeSnapshot+export+refusal"] = Shards,
            ["AdoptNativeFile"] = """{"shard":3}""",
            ["RemoveNativeFiles"] = $$"""{"kind":"{{(serverless ? "serverless" : "self-designed")}}","snapshot":"b-1"}""",
            ["elasticache:deleteServerlessCacheSnapshot"] = "{}",
            ["elasticache:deleteSnapshot"] = "{}",
            ["RemoveNativeFiles+confirm"] = """{"kind":"none","snapshot":""}""",
        };
    }
}
