namespace CacheBackup.Infra.Context;

/// <summary>Every context value of the stack. <c>cdk.json</c> holds each with its default, <c>docs/operations.md</c> explains each.</summary>
public static class ContextValues
{
    public static readonly ContextValue Name = new(
        "name", "\"cache-backup\"", "The stack's name, with which the names of its functions and state machines begin: 1 to 24 of a-z, 0-9 and -, a letter first.");

    public static readonly ContextValue Account = new("account", "\"\"", "The account's 12 digits; empty: the one that the CDK command is signed in to.");

    public static readonly ContextValue Region = new("region", "\"\"", "The Region of the caches, such as eu-west-1; empty: the one that the CDK command is set to.");

    public static readonly ContextValue VpcId = new(
        "vpcId", "\"\"", "The VPC of the caches; empty: only caches with a public address can be reached.");

    public static readonly ContextValue AvailabilityZones = new("availabilityZones", "[]", "The zone of each subnet, in the order of subnetIds.");

    public static readonly ContextValue SubnetIds = new("subnetIds", "[]", "Private subnets from which the caches can be reached; needed with vpcId.");

    public static readonly ContextValue RouteTableIds = new(
        "routeTableIds", "[]", "The route table of each subnet, in the order of subnetIds; needed with createS3Endpoint.");

    public static readonly ContextValue SecurityGroupIds = new(
        "securityGroupIds", "[]", "Security groups of the functions in the VPC; empty: the stack makes one, which may go anywhere.");

    public static readonly ContextValue CreateS3Endpoint = new(
        "createS3Endpoint", "true", "Make a gateway endpoint for S3 (free of charge); false where the VPC has one, or a NAT gateway.");

    public static readonly ContextValue CreateSecretsEndpoint = new(
        "createSecretsEndpoint", "true", "Make an interface endpoint for Secrets Manager (billed by the hour and zone); false where the VPC has one, or a NAT gateway.");

    public static readonly ContextValue ExportBuckets = new(
        "exportBuckets", "[]", "Where exports may go, there or below: texts such as s3://bucket/folder?region=eu-west-1.");

    public static readonly ContextValue ImportBuckets = new("importBuckets", "[]", "Where files may be imported from, there or below: as exportBuckets.");

    public static readonly ContextValue CopyTargets = new(
        "copyTargets", "[]", "Where copies may be kept, exactly there: s3://bucket/prefix?region=eu-central-1&kms-key=ARN, the key by its ARN.");

    public static readonly ContextValue BucketKeys = new(
        "bucketKeys", "[]", "ARNs of the KMS keys of exportBuckets and importBuckets that are encrypted with one.");

    public static readonly ContextValue SecretPrefix = new(
        "secretPrefix", "\"cache-backup/\"", "What the name of a secret begins with that may be named as a cache's password; it ends in a slash.");

    public static readonly ContextValue SecretKeys = new(
        "secretKeys", "[]", "ARNs of the KMS keys of secrets that are not encrypted with the account's own aws/secretsmanager.");

    public static readonly ContextValue CacheKeys = new(
        "cacheKeys", "[]", "ARNs of KMS keys that a restore may name for a new cache of ElastiCache; without one it is encrypted with AWS's own.");

    public static readonly ContextValue EventBus = new("eventBus", "\"default\"", "The EventBridge bus that events are put on; empty: none.");

    public static readonly ContextValue ExchangeAcl = new(
        "exchangeAcl", "false", "Enable ACLs on the exchange bucket, for the grant to ElastiCache's canonical id (default Regions only).");

    public static readonly ContextValue ObjectLock = new(
        "objectLock", "\"\"", "governance or compliance: data is locked until it expires. Chosen at the first deployment, for good; empty: none.");

    public static readonly ContextValue ObjectLockDays = new(
        "objectLockDays", "0", "Days for which a backup without an expiry is locked, 1 to 36500; needed with objectLock.");

    public static readonly ContextValue AllowDeleteCaches = new(
        "allowDeleteCaches", "false", "Caches of ElastiCache that this service made may be deleted by it.");

    public static readonly ContextValue VerifySharePercent = new(
        "verifySharePercent", "25", "The share of all backups that is read back each week, 0 (none) to 100. It bills reads and seconds for every byte.");

    public static readonly ContextValue MaxRunning = new("maxRunning", "20", "Automatic backups at work at once, 1 to 1000; the rest wait for the next tick.");

    public static readonly ContextValue Quotas = new(
        "quotas", "\"\"", "elasticache: as many manual backups of a cache within 24 hours as ElastiCache has; empty: as many as anybody likes.");

    public static readonly ContextValue StoragePrice = new(
        "storagePrice", "\"0.023\"", "US dollars for a gigabyte (10^9 bytes) and month, by which costs are told; empty: not known.");

    public static readonly ContextValue MetricsNamespace = new(
        "metricsNamespace", "\"\"", "The CloudWatch namespace of the service's metrics, of this stack alone; empty: CacheBackup/ and the stack's name.");

    public static readonly ContextValue AlarmAddress = new("alarmAddress", "\"\"", "An e-mail address that is told of alarms; empty: subscribe to the topic yourself.");

    public static readonly ContextValue LatenessAlarmMinutes = new(
        "latenessAlarmMinutes", "60", "How far a cache may be behind its policy before an alarm, 1 to 10080.");

    public static readonly ContextValue ProofAlarmDays = new(
        "proofAlarmDays", "45", "How old the last proof of any cache may be before an alarm, 1 to 365; no such alarm where verifySharePercent is 0.");

    public static readonly ContextValue Dashboard = new("dashboard", "false", "Make a dashboard ($3 a month).");

    public static readonly ContextValue LogRetentionDays = new(
        "logRetentionDays", "30", "How long logs are kept: 1, 3, 5, 7, 14, 30, 60, 90, 120, 180 or 365 days.");

    /// <summary>All of them, in the order of <c>cdk.json</c>.</summary>
    public static IReadOnlyList<ContextValue> All { get; } =
    [
        Name, Account, Region, VpcId, AvailabilityZones, SubnetIds, RouteTableIds, SecurityGroupIds, CreateS3Endpoint, CreateSecretsEndpoint,
        ExportBuckets, ImportBuckets, CopyTargets, BucketKeys, SecretPrefix, SecretKeys, CacheKeys, EventBus, ExchangeAcl, ObjectLock, ObjectLockDays,
        AllowDeleteCaches, VerifySharePercent, MaxRunning, Quotas, StoragePrice, MetricsNamespace, AlarmAddress, LatenessAlarmMinutes,
        ProofAlarmDays, Dashboard, LogRetentionDays,
    ];
}
