namespace CacheBackup.Faults.Host;

/// <summary>Names of effects after which a host can be killed. Those that happen often carry a number.</summary>
public static class Effect
{
    public const string OperationTaken = "cache's operation taken";
    public const string OwnerNoted = "data's owner noted";
    public const string NameReserved = "backup's name reserved";
    public const string BackupStarted = "execution of backup started";
    public const string UploadBegun = "upload begun";
    public const string PartStored = "part stored";
    public const string DataCompleted = "data object completed";
    public const string IndexUploadBegun = "upload of index begun";
    public const string IndexPartStored = "part of index stored";
    public const string IndexWritten = "index written";
    public const string ProgressWritten = "progress written";
    public const string SliceWritten = "slice's object written";
    public const string CheckpointWritten = "checkpoint written";
    public const string ShardRecordWritten = "shard record written";
    public const string ManifestCopyWritten = "manifest copy written";
    public const string ManifestPublished = "manifest published";
    public const string CacheGivenBack = "cache given back";
    public const string BackupAbandoned = "backup marked as failed";

    public const string CacheNameReserved = "new cache's name reserved";
    public const string UseNoted = "backup's use noted";
    public const string CopyStarted = "execution of copy started";
    public const string RestoreStarted = "execution of restore started";
    public const string ServerProvisioned = "server provisioned";
    public const string AddressWritten = "new cache's address written";
    public const string TargetClaimed = "target claimed";
    public const string EntrySent = "entry sent";
    public const string LargeValueSent = "large value sent";
    public const string BatchFlushed = "batch acknowledged";
    public const string FunctionLoaded = "function library loaded";
    public const string WorkDealt = "work dealt to lanes";
    public const string LaneAdvanced = "lane advanced";
    public const string CacheMadeAvailable = "new cache made available";
    public const string RestoreGivenUp = "cache's Restore ended as CreateFailed";
    public const string BackupLetGo = "backup let go";

    public const string MarkedDeleting = "backup marked as deleting";
    public const string DeleteStarted = "execution of delete started";
    public const string ObjectRemoved = "object removed";
    public const string RecordRemoved = "backup's record removed";

    public const string First = " 1";
    public const string Second = " 2";
    public const string Third = " 3";
    public const string LastOfSix = " 6";
}
