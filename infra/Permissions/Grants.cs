using CacheBackup.Core.Buckets;
using CacheBackup.Core.Operations;

namespace CacheBackup.Infra.Permissions;

/// <summary>What functions may do, each by the name that <see cref="FunctionRoles"/> uses.</summary>
internal static class Grants
{
    /// <summary>Read documents; a missing one is told as missing, which takes the right to list.</summary>
    public static Grant ReadCatalog { get; } = new(stack => [.. Read(stack, stack.Catalog, "*")]);

    /// <summary>Write what lies below the prefixes, and nothing else of the catalog.</summary>
    public static Grant WriteCatalog(params string[] prefixes) => new(stack => Write(stack, stack.Catalog, prefixes));

    /// <summary>Remove what lies below the prefixes, and nothing else of the catalog.</summary>
    public static Grant RemoveFromCatalog(params string[] prefixes) =>
        new(stack => [new Permission(["s3:DeleteObject"], Objects(stack.Catalog, prefixes))]);

    /// <summary>Read the data of backups that the service made in its own bucket.</summary>
    public static Grant ReadOwnData { get; } = new(stack => [.. Read(stack, stack.Data, "data/*")]);

    /// <summary>Read the data of backups, also where copies are kept.</summary>
    public static Grant ReadData { get; } = new(stack => [.. ReadOwnData.In(stack), .. Copies(stack, ReadCopies)]);

    /// <summary>List the data of backups without reading any, also where copies are kept.</summary>
    public static Grant ListData { get; } =
        new(stack => [new Permission(["s3:ListBucket"], [stack.Data]), .. Copies(stack, (target, _) => [new Permission(["s3:ListBucket"], [BucketOf(target)])])]);

    /// <summary>List the data of backups in the service's own bucket without reading any.</summary>
    public static Grant ListOwnData { get; } = new(stack => [new Permission(["s3:ListBucket"], [stack.Data])]);

    /// <summary>Write objects of backups: below <c>data/ID/</c>, those of the given forms.</summary>
    public static Grant WriteData(params string[] forms) => new(stack => Write(stack, stack.Data, Below(forms)));

    /// <summary>Write where copies are kept, and give an upload of one's own up there.</summary>
    public static Grant WriteCopies { get; } = new(stack => [.. Copies(stack, WriteCopiesIn)]);

    /// <summary>Remove objects of backups in the service's own bucket: below <c>data/ID/</c>, those of the given forms.</summary>
    public static Grant RemoveOwnData(params string[] forms) => new(stack =>
    [
        new Permission(RemoveActions(stack), Objects(stack.Data, Below(forms))),
        .. stack.Context.ObjectLock is null ? Array.Empty<Permission>() : [new Permission(["s3:ListBucketVersions"], [stack.Data])],
    ]);

    /// <summary>Remove objects of backups, also where copies are kept.</summary>
    public static Grant RemoveData(params string[] forms) => new(stack =>
    [
        .. RemoveOwnData(forms).In(stack),
        .. Copies(stack, (target, folder) => [new Permission(["s3:DeleteObject"], [.. Below(forms).Select(form => $"{BucketOf(target)}/{folder}{form}")])]),
    ]);

    /// <summary>Lock what was published, where the stack locks data.</summary>
    public static Grant LockData { get; } = new(stack => stack.Context.ObjectLock is null
        ? []
        : [new Permission(["s3:PutObjectRetention"], [$"{stack.Data}/data/*"])]);

    /// <summary>Give an upload of one's own up.</summary>
    public static Grant AbortUploads { get; } = new(stack => [new Permission(["s3:AbortMultipartUpload"], [$"{stack.Data}/data/*"])]);

    /// <summary>Find uploads that were left open in the service's own bucket, and give them up.</summary>
    public static Grant AbortOwnLeftUploads { get; } =
        new(stack => [new Permission(["s3:ListBucketMultipartUploads"], [stack.Data]), .. AbortUploads.In(stack)]);

    /// <summary>Find uploads that were left open, and give them up; also where copies are kept.</summary>
    public static Grant AbortLeftUploads { get; } = new(stack =>
    [
        .. AbortOwnLeftUploads.In(stack),
        .. Copies(stack, (target, folder) =>
        [
            new Permission(["s3:ListBucketMultipartUploads"], [BucketOf(target)]),
            new Permission(["s3:AbortMultipartUpload"], [$"{BucketOf(target)}/{folder}data/*"]),
        ]),
    ]);

    /// <summary>Start these state machines.</summary>
    public static Grant Start(params string[] machines) =>
        new(stack => [new Permission(["states:StartExecution"], [.. machines.Select(stack.Machine)])]);

    /// <summary>See how an execution of the service stands: machines by their whole names, which no other stack's begin with.</summary>
    public static Grant SeeExecutions { get; } = new(stack => [new Permission(["states:DescribeExecution", "states:GetExecutionHistory"], [.. StateMachines.All.Select(stack.Executions)])]);

    public static Grant ListExecutions { get; } = new(stack => [new Permission(["states:ListExecutions"], [.. StateMachines.All.Select(stack.Machine)])]);

    /// <summary>End executions of these state machines.</summary>
    public static Grant Stop(params string[] machines) =>
        new(stack => [new Permission(["states:StopExecution"], [.. machines.Select(stack.Executions)])]);

    /// <summary>Tell of events, where the stack has a bus.</summary>
    public static Grant TellEvents { get; } = new(stack => stack.Context.EventBus is { } bus
        ? [new Permission(["events:PutEvents"], [StackArns.EventBus(bus)])]
        : []);

    /// <summary>Talk to caches: their network, and the passwords of the one prefix.</summary>
    public static Grant ReachCaches { get; } = new(ReachCachesIn, NeedsNetwork: true);

    private static IEnumerable<Permission> ReachCachesIn(StackArns stack) =>
    [
        new Permission(["secretsmanager:GetSecretValue"], [stack.Secrets]),
        .. stack.Context.SecretKeys.Count == 0 ? Array.Empty<Permission>() : [.. stack.Context.SecretKeys.Select(key => By("secretsmanager", ["kms:Decrypt"], key, null))],
        .. stack.Context.Network is null
            ? Array.Empty<Permission>()
            :
            [
                // Lambda itself makes the interfaces, with the function's role; these actions know no resource before there is one.
                new Permission(
                    [
                        "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface", "ec2:DescribeSubnets",
                        "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
                    ],
                    ["*"]),
            ],
    ];

    internal static IEnumerable<Permission> Read(StackArns stack, string bucket, string objects) =>
    [
        new Permission(["s3:ListBucket"], [bucket]),
        new Permission(["s3:GetObject"], [$"{bucket}/{objects}"]),
        ByS3(["kms:Decrypt"], stack.Key),
    ];

    /// <remarks>A write with <c>If-Match</c> also reads, and a multipart upload decrypts its own parts.</remarks>
    internal static IEnumerable<Permission> Write(StackArns stack, string bucket, string[] prefixes) =>
    [
        new Permission(["s3:PutObject"], Objects(bucket, prefixes)),
        ByS3(["kms:GenerateDataKey", "kms:Decrypt"], stack.Key),
    ];

    internal static Permission ByS3(IReadOnlyList<string> actions, string key, string? region = null) => By("s3", actions, key, region);

    /// <summary>A key, used by a service in the function's name and by nobody else.</summary>
    /// <param name="region">The service's; null: that of the stack.</param>
    internal static Permission By(string service, IReadOnlyList<string> actions, string key, string? region) => new(actions, [key], new Dictionary<string, IReadOnlyDictionary<string, string>>
    {
        ["StringEquals"] = new Dictionary<string, string> { ["kms:ViaService"] = $"{service}.{region ?? Amazon.CDK.Aws.REGION}.{Amazon.CDK.Aws.URL_SUFFIX}" },
    });

    private static IEnumerable<Permission> ReadCopies(BucketAddress target, string folder) =>
    [
        new Permission(["s3:ListBucket"], [BucketOf(target)]),
        new Permission(["s3:GetObject"], [$"{BucketOf(target)}/{folder}data/*"]),
        .. target.KmsKey is { } key ? new[] { ByS3(["kms:Decrypt"], key, target.Region) } : [],
    ];

    private static IEnumerable<Permission> WriteCopiesIn(BucketAddress target, string folder) =>
    [
        new Permission(["s3:PutObject", "s3:AbortMultipartUpload"], [$"{BucketOf(target)}/{folder}data/*"]),
        .. target.KmsKey is { } key ? new[] { ByS3(["kms:GenerateDataKey", "kms:Decrypt"], key, target.Region) } : [],
    ];

    private static IEnumerable<Permission> Copies(StackArns stack, Func<BucketAddress, string, IEnumerable<Permission>> permissions) =>
        stack.Context.CopyTargets.SelectMany(target => permissions(target, OtherBuckets.FolderOf(target)));

    private static string BucketOf(BucketAddress target) => StackArns.Bucket(target.Bucket);

    /// <remarks>A version that is held refuses to go like one that may not be removed: its date, which the refusal then names, is read from its own head.</remarks>
    private static string[] RemoveActions(StackArns stack) =>
        stack.Context.ObjectLock is null ? ["s3:DeleteObject"] : ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:GetObjectVersion", "s3:GetObjectRetention"];

    private static string[] Objects(string bucket, string[] prefixes) => [.. prefixes.Select(prefix => $"{bucket}/{prefix}")];

    private static string[] Below(string[] forms) => [.. forms.Select(form => form == "*" ? "data/*" : $"data/*/{form}")];
}
