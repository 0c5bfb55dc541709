namespace CacheBackup.Functions.Settings;

/// <summary>
/// Every environment variable that the functions read in AWS, beside those of Lambda itself. The stack sets each of them on every
/// function, and none besides.
/// </summary>
public static class ServiceSettings
{
    public static readonly ServiceSetting CatalogBucket = new("CATALOG_BUCKET", true, "The bucket of the catalog.");

    public static readonly ServiceSetting DataBucket = new("DATA_BUCKET", true, "The bucket of the backups' data: every key below data/.");

    public static readonly ServiceSetting ExchangeBucket = new(
        "EXCHANGE_BUCKET", true, "The bucket through which ElastiCache reads and writes .rdb files.");

    public static readonly ServiceSetting StateMachines = new(
        "STATE_MACHINES", true, "What the ARN of every state machine begins with: arn:aws:states:REGION:ACCOUNT:stateMachine:NAME- , then the machine's name.");

    public static readonly ServiceSetting ExportBuckets = new(
        "EXPORT_BUCKETS", false, "Where exports may go: a JSON list of texts such as s3://bucket/folder?region=eu-west-1&kms-key=alias/name.");

    public static readonly ServiceSetting ImportBuckets = new("IMPORT_BUCKETS", false, "Where files may be imported from: as EXPORT_BUCKETS.");

    public static readonly ServiceSetting CopyTargets = new("COPY_TARGETS", false, "Where copies may be kept: as EXPORT_BUCKETS.");

    public static readonly ServiceSetting CacheKeys = new(
        "CACHE_KEYS", false, "KMS keys that new caches of ElastiCache may be encrypted with: a JSON list of ARNs; AWS's own alone where it is missing.");

    public static readonly ServiceSetting CacheSubnets = new(
        "CACHE_SUBNETS", false, "Subnets of a new serverless cache whose restore names none: a JSON list of ids; those of the default VPC where it is missing.");

    public static readonly ServiceSetting SecretPrefix = new(
        "SECRET_PREFIX", true, "What the name of a secret begins with that may be named as a cache's password: cache-backup/.");

    public static readonly ServiceSetting EventBus = new("EVENT_BUS", false, "The EventBridge bus that events are put on; none where it is missing.");

    public static readonly ServiceSetting VerifySharePercent = new(
        "VERIFY_SHARE_PERCENT", false, "The share of all backups that is read back each week, 0 (none) to 100.");

    public static readonly ServiceSetting Quotas = new(
        "QUOTAS", false, "elasticache: as many manual backups of a cache within 24 hours as ElastiCache has; none where it is missing.");

    public static readonly ServiceSetting StoragePrice = new(
        "STORAGE_PRICE", false, "US dollars for a gigabyte (10^9 bytes) and month, such as 0.023; not known where it is missing.");

    public static readonly ServiceSetting ObjectLock = new(
        "OBJECT_LOCK", false, "governance or compliance: the data of a backup is locked until it expires; none where it is missing.");

    public static readonly ServiceSetting ObjectLockDays = new(
        "OBJECT_LOCK_DAYS", false, "Days for which a backup without an expiry is locked, 1 to 36500; needed with OBJECT_LOCK.");

    public static readonly ServiceSetting AllowDeleteCaches = new(
        "ALLOW_DELETE_CACHES", false, "true: ElastiCache caches that this service made may be deleted by it.");

    public static readonly ServiceSetting MaxRunning = new(
        "MAX_RUNNING", false, "Automatic backups at work at once, 1 to 1000; the rest wait for the next tick.");

    public static readonly ServiceSetting MetricsNamespace = new("METRICS_NAMESPACE", true, "The CloudWatch namespace of the service's metrics.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ServiceSetting> All { get; } =
    [
        CatalogBucket, DataBucket, ExchangeBucket, StateMachines, ExportBuckets, ImportBuckets, CopyTargets, CacheKeys, CacheSubnets,
        SecretPrefix, EventBus,
        VerifySharePercent, Quotas, StoragePrice, ObjectLock, ObjectLockDays, AllowDeleteCaches, MaxRunning, MetricsNamespace,
    ];
}
