using CacheBackup.Core.Operations;
using static CacheBackup.Infra.Permissions.Grants;
using static CacheBackup.Infra.Permissions.ManagedGrants;

namespace CacheBackup.Infra.Permissions;

/// <summary>
/// What each function may do: one line a function. A test records what the functions really do in a whole life of backups, and holds the two
/// together: nothing is missing here, and what is here without ever being used stands in a list with its reason.
/// </summary>
internal static class FunctionRoles
{
    private const string Backups = "catalog/backups/*";
    private const string Caches = "catalog/caches/*";
    private const string Exports = "catalog/exports/*";
    private const string NativeExports = "catalog/native-exports/*";
    private const string Due = "catalog/due/*";
    private const string Indexes = "catalog/by-*";
    private const string Statuses = "catalog/by-status/*";
    private const string Tags = "catalog/by-tag/*";
    private const string Events = "events/*";
    private const string Progress = "progress/*";
    private const string Reports = "restores/*";
    private const string Sweeps = "sweeps/*";
    private const string Claims = "claims/*";

    // What lies below data/ID/.
    private const string Owner = "owner.json";
    private const string Manifest = "manifest.json";
    private const string Shards = "shard-*";
    private const string NativeFiles = "native.json";
    private const string Verifications = "verify/*";
    private const string Slices = "slices/*";
    private const string All = "*";

    /// <summary>What the steps of a job share that only look at records.</summary>
    private static readonly Grant[] Reader = [ReadCatalog];

    private static readonly Grant[] BackupKeeper =
        [ReadCatalog, WriteCatalog(Backups, Statuses, Events), RemoveFromCatalog(Statuses), TellEvents];

    private static readonly Grant[] CacheKeeper = [ReadCatalog, WriteCatalog(Caches, Events), TellEvents];

    private static readonly Grant[] BothKeeper =
        [ReadCatalog, WriteCatalog(Backups, Caches, Statuses, Events), RemoveFromCatalog(Statuses), TellEvents];

    // A manifest's copy goes with the record that it is a copy of: it would bring a failed backup back when the catalog is rebuilt.
    private static readonly Grant[] OwnUnpublisher = [AbortOwnLeftUploads, RemoveOwnData(Manifest)];

    private static readonly Grant[] Unpublisher = [AbortLeftUploads, RemoveData(Manifest)];

    private static readonly Grant[] OwnPublisher = [ReadOwnData, WriteData(Manifest), LockData, AbortOwnLeftUploads];

    private static readonly Grant[] OwnShardWriter = [ReadOwnData, WriteData(Shards), AbortUploads, WriteCatalog(Progress)];

    // What the slices of a scan left for each other goes when the backup comes to its end, whatever end.
    private static readonly Grant[] SliceSweeper = [ListOwnData, RemoveOwnData(Slices)];

    // What a native backup leaves outside of our buckets, or on its way into them.
    private static readonly Grant[] NativeSweeper =
        [ReadOwnData, RemoveFromExchange, SeeSnapshots, ReadSnapshotTags, DeleteOwnSnapshots, RemoveFromCatalog(NativeExports)];

    private static readonly string[] StartedByRequests =
    [
        StateMachines.Register, StateMachines.Backup, StateMachines.Restore, StateMachines.Delete, StateMachines.Copy, StateMachines.Export,
        StateMachines.Import, StateMachines.RemoveCache, StateMachines.Verify, StateMachines.RestoreTest,
    ];

    /// <summary>By the function's name.</summary>
    public static IReadOnlyDictionary<string, Grant[]> ByFunction { get; } = new Dictionary<string, Grant[]>
    {
        // Whoever cannot start what a request asks for gives back what was reserved for it.
        ["Api"] =
        [
            ReadCatalog, WriteCatalog("catalog/*", Events), RemoveFromCatalog(Caches, Exports, Indexes, "catalog/removed/*"), ReadData,
            ListExchange, WriteData(Owner, Manifest), WriteCopies, .. Unpublisher,
            Start(StartedByRequests), SeeExecutions, ListExecutions, Stop(StartedByRequests), TellEvents,
        ],
        ["Download"] = [ReadCatalog, ReadData],

        ["BeginBackup"] = Reader,
        ["Snapshot"] = [ReadCatalog, .. OwnShardWriter, ReachCaches],
        ["SurveyCluster"] = [ReadCatalog, WriteCatalog(Caches), ReadOwnData, ReachCaches],
        ["CompleteBackup"] =
            [ReadCatalog, WriteCatalog(Backups, Caches, Indexes, Events), RemoveFromCatalog(Statuses, Tags), .. OwnPublisher, .. SliceSweeper, TellEvents],
        ["AbandonBackup"] = [.. BothKeeper, .. OwnUnpublisher, .. SliceSweeper, .. NativeSweeper],

        ["CheckRestore"] = [ReadCatalog, WriteCatalog(Reports, Claims), ReadData, SeeExecutions],
        ["ProvisionCache"] = [ReadCatalog, WriteCatalog(Caches), ReadData],
        ["ClaimTarget"] = [ReadCatalog, WriteCatalog(Caches), ReachCaches],
        ["CompareTotals"] = [ReadCatalog, ReadData, ReachCaches],
        ["CompleteRestore"] = [.. BothKeeper, RemoveFromCatalog(Claims)],
        ["AbandonRestore"] = [.. BothKeeper, RemoveFromCatalog(Claims)],

        ["StageFile"] = [ReadCatalog, ReadData, StageFiles],
        ["RequestManagedCache"] = [ReadCatalog, SeeCaches, ReadMadeTags, CreateCaches],
        ["CheckManagedCache"] = [ReadCatalog, SeeCaches, SeeCacheEvents],
        ["AdoptManagedCache"] = [ReadCatalog, WriteCatalog(Caches), SeeCaches, ReadMadeTags, SeeCacheEvents],
        ["RemoveStagedFiles"] = [RemoveStaged],
        ["RestoreLane"] = [ReadCatalog, WriteCatalog(Progress, Reports), ReadData, ReachCaches],
        ["CompareLane"] = [ReadCatalog, WriteCatalog(Reports, Events), ReadData, ReachCaches, TellEvents],

        ["DescribeManagedSource"] = [.. CacheKeeper, SeeCaches],
        ["RequestNativeSnapshot"] = [ReadCatalog, WriteCatalog(Backups), SeeCaches, SeeSnapshots, ReadSnapshotTags, CreateSnapshots],
        ["CheckNativeSnapshot"] =
            [ReadCatalog, WriteCatalog(NativeExports), RemoveFromCatalog(NativeExports), ReadOwnData, WriteData(NativeFiles), ListExchange, SeeSnapshots],
        ["BeginNativeExport"] = [ReadCatalog, ReadOwnData, WriteCatalog(NativeExports), ListExchange],
        ["AdoptNativeFile"] = [ReadCatalog, .. OwnShardWriter, ReadExchange],
        ["RemoveNativeFiles"] = [ReadCatalog, WriteCatalog(Backups), ReadOwnData, RemoveFromExchange, SeeSnapshots, RemoveFromCatalog(NativeExports)],

        ["CompleteRestoreTest"] = BackupKeeper,
        ["AbandonRestoreTest"] = [.. BackupKeeper, RemoveFromCatalog(Caches, Progress, Reports)],

        ["RemoveBackupObjects"] = [ReadCatalog, ListData, AbortLeftUploads, RemoveData(All), RemoveFromCatalog(Progress)],
        ["RemoveBackupRecord"] = [ReadCatalog, WriteCatalog(Events), RemoveFromCatalog(Backups, Indexes), TellEvents],
        ["AbandonDelete"] = [ReadCatalog, WriteCatalog(Backups, Events), TellEvents],

        ["BeginRemoval"] = CacheKeeper,
        ["VerifyFinalShard"] = [ReadCatalog, ReadOwnData],
        ["RemoveCacheServer"] = [ReadCatalog, SeeCaches, ReadCacheTags],
        ["RemoveCacheRecord"] =
            [ReadCatalog, WriteCatalog("catalog/removed/*", Events), RemoveFromCatalog(Caches, Due, Progress, Reports), TellEvents],
        ["AbandonRemoval"] = CacheKeeper,

        ["ProbeCache"] = [.. CacheKeeper, ReachCaches],
        ["AbandonRegistration"] = CacheKeeper,

        // It takes the name of a failed backup over, keys of indexes included, and gives up what it could not start and what it finds held for nobody.
        ["PlanBackups"] =
        [
            ReadCatalog, WriteCatalog(Backups, Caches, Indexes, Due, Events, Sweeps),
            RemoveFromCatalog(Indexes, Due, Sweeps), WriteData(Owner), .. OwnUnpublisher, .. SliceSweeper, .. NativeSweeper,
            Start(StateMachines.Backup, StateMachines.VerifySweep), SeeExecutions, TellEvents,
        ],

        ["ReadPurgeClock"] = [ReadCatalog, WriteCatalog("catalog/clock.json")],
        ["MendRecords"] =
        [
            ReadCatalog, WriteCatalog("catalog/*", Events), RemoveFromCatalog("catalog/*", Progress, Reports, Claims), .. Unpublisher, .. SliceSweeper,
            OtherBuckets.RemoveExports, .. NativeSweeper, Start(StateMachines.Delete), SeeExecutions, TellEvents,
        ],
        ["PurgeBackups"] =
            [ReadCatalog, WriteCatalog(Backups, Statuses, Events), RemoveFromCatalog(Statuses), Start(StateMachines.Delete), TellEvents],
        ["PurgeLeftovers"] =
        [
            ReadCatalog, RemoveFromCatalog(Progress, Reports, Events, "catalog/requests/*"), ReadData, AbortLeftUploads, RemoveData(All), SeeExecutions,
        ],

        ["PlanVerify"] = Reader,
        ["VerifyShard"] = [ReadCatalog, WriteCatalog(Progress), ReadData, WriteData(Verifications)],
        ["CompleteVerify"] = [.. BackupKeeper, ReadData, RemoveData(Verifications), RemoveFromCatalog(Progress)],
        ["AbandonVerify"] = [.. BackupKeeper, ListData, RemoveData(Verifications), RemoveFromCatalog(Progress)],

        ["PlanVerifySweep"] = [ReadCatalog, WriteCatalog(Sweeps)],
        ["ContinueVerifySweep"] =
            [ReadCatalog, WriteCatalog(Backups, Statuses, Sweeps), RemoveFromCatalog(Statuses), Start(StateMachines.Verify), SeeExecutions],
        ["AbandonVerifySweep"] = [ReadCatalog, WriteCatalog(Sweeps)],

        ["BeginCopy"] = Reader,
        // A copy whose digest is another than its source's is taken away again.
        ["CopyShard"] = [ReadCatalog, ReadData, .. OwnShardWriter, WriteCopies, RemoveData(Shards)],
        ["CompleteCopy"] =
            [ReadCatalog, WriteCatalog(Backups, Indexes, Events), RemoveFromCatalog(Statuses, Tags), ReadData, .. OwnPublisher, AbortLeftUploads, WriteCopies, TellEvents],
        ["AbandonCopy"] = [.. BackupKeeper, .. Unpublisher],

        ["CheckExport"] = [ReadCatalog, WriteCatalog(Exports), OtherBuckets.CheckExports],
        ["ExportShard"] = [ReadCatalog, WriteCatalog(Exports, Progress), ReadData, OtherBuckets.WriteExports],
        ["CompleteExport"] = [.. BackupKeeper, WriteCatalog(Exports), RemoveFromCatalog(Exports, Progress)],
        ["AbandonExport"] = [.. BackupKeeper, RemoveFromCatalog(Exports, Progress), OtherBuckets.RemoveExports],

        ["CheckImport"] = [ReadCatalog, OtherBuckets.CheckImports],
        ["ImportFile"] = [ReadCatalog, .. OwnShardWriter, OtherBuckets.ReadImports],
        ["CompleteImport"] =
        [
            ReadCatalog, WriteCatalog(Backups, Caches, Indexes, Events), RemoveFromCatalog(Statuses, Tags), .. OwnPublisher,
            Start(StateMachines.Restore), TellEvents,
        ],
        ["AbandonImport"] = [.. BackupKeeper, .. OwnUnpublisher],

        ["AbandonExecution"] =
        [
            ReadCatalog, WriteCatalog("catalog/*", Events, Sweeps), RemoveFromCatalog("catalog/*", Progress, Reports, Claims), .. Unpublisher, .. SliceSweeper,
            RemoveData(Verifications), OtherBuckets.RemoveExports, .. NativeSweeper, SeeExecutions, TellEvents,
        ],
    };
}
