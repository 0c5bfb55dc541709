using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Infra.Permissions;

/// <summary>What functions may do at ElastiCache, and in the bucket between it and this service.</summary>
internal static class ManagedGrants
{
    /// <summary>See how caches of the account and Region stand.</summary>
    public static Grant SeeCaches { get; } = new(stack =>
    [
        new Permission(["elasticache:DescribeReplicationGroups"], Of(stack, ["replicationgroup"])),
        new Permission(["elasticache:DescribeCacheClusters"], Of(stack, ["cluster"])),
        new Permission(["elasticache:DescribeServerlessCaches"], Of(stack, ["serverlesscache"])),
    ]);

    public static Grant ReadCacheTags { get; } = new(stack =>
        [new Permission(["elasticache:ListTagsForResource"], Of(stack, ["replicationgroup", "cluster", "serverlesscache"]))]);

    /// <summary>See how snapshots stand. Those of serverless caches are also asked for by their cache.</summary>
    public static Grant SeeSnapshots { get; } = new(stack =>
    [
        new Permission(["elasticache:DescribeSnapshots"], Of(stack, ["snapshot"])),
        new Permission(["elasticache:DescribeServerlessCacheSnapshots"], Of(stack, ["serverlesscachesnapshot", "serverlesscache"])),
    ]);

    public static Grant ReadSnapshotTags { get; } = new(stack =>
        [new Permission(["elasticache:ListTagsForResource"], Of(stack, ["snapshot", "serverlesscachesnapshot"]))]);

    /// <summary>See whether a cache was asked for by the service: it asks for no single cluster.</summary>
    public static Grant ReadMadeTags { get; } = new(stack =>
        [new Permission(["elasticache:ListTagsForResource"], Of(stack, ["replicationgroup", "serverlesscache"]))]);

    /// <summary>Read what ElastiCache tells of a cache that could not be made. Its events know no resource.</summary>
    public static Grant SeeCacheEvents { get; } = new(_ => [new Permission(["elasticache:DescribeEvents"], ["*"])]);

    /// <summary>Make caches, with tags, seeded from the exchange bucket. ElastiCache looks at the network and reads the file in the caller's name.</summary>
    public static Grant CreateCaches { get; } = new(stack =>
    [
        new Permission(
            ["elasticache:CreateReplicationGroup"], Of(stack, ["replicationgroup", "cluster", "parametergroup", "subnetgroup", "securitygroup"])),
        new Permission(["elasticache:CreateServerlessCache"], Of(stack, ["serverlesscache"])),
        TagWith(stack, StateMachines.Restore, ["replicationgroup", "cluster", "serverlesscache"]),
        new Permission(["s3:GetObject"], [$"{stack.Exchange}/{ExchangeKeys.Staged}*"]),
        .. stack.Context.CacheKeys.Select(key => Grants.By("elasticache", ["kms:CreateGrant", "kms:DescribeKey"], key, key.Split(':')[3])),
        .. ServerlessEndpoints(),
        ThroughServices(["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"]),
        new Permission(
            [
                "ec2:DescribeVpcEndpoints", "ec2:DescribeTags", "ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups",
                "ec2:DescribeNetworkInterfaces",
            ],
            ["*"]),
    ]);

    /// <summary>Take snapshots with tags; they carry our tag from their first moment.</summary>
    public static Grant CreateSnapshots { get; } = new(stack =>
    [
        new Permission(["elasticache:CreateSnapshot"], Of(stack, ["replicationgroup", "cluster", "snapshot"])),
        new Permission(["elasticache:CreateServerlessCacheSnapshot"], Of(stack, ["serverlesscache", "serverlesscachesnapshot"])),
        .. new[] { StateMachines.Backup, StateMachines.RemoveCache }.Select(machine => TagWith(stack, machine, ["snapshot", "serverlesscachesnapshot"])),

        // Dependent actions of CreateSnapshot: ElastiCache may try the bucket in the caller's name.
        new Permission(["s3:GetBucketAcl"], [stack.Exchange]),
        new Permission(["s3:PutObject", "s3:DeleteObject"], [$"{stack.Exchange}/*"]),
    ]);

    /// <summary>Remove snapshots that this service made.</summary>
    public static Grant DeleteOwnSnapshots { get; } = new(stack =>
    [
        ServiceTasks.OnlyOwn(["elasticache:DeleteSnapshot"], Of(stack, ["snapshot"])),
        ServiceTasks.OnlyOwn(["elasticache:DeleteServerlessCacheSnapshot"], Of(stack, ["serverlesscachesnapshot"])),
    ]);

    /// <summary>See what ElastiCache has written there.</summary>
    public static Grant ListExchange { get; } = new(stack => [new Permission(["s3:ListBucket"], [stack.Exchange])]);

    public static Grant ReadExchange { get; } = new(stack =>
        [new Permission(["s3:ListBucket"], [stack.Exchange]), new Permission(["s3:GetObject"], [$"{stack.Exchange}/*"])]);

    /// <summary>
    /// Lay files there for ElastiCache to read, and take away what an earlier attempt laid there; encrypted by S3 itself, so no key is needed.
    /// </summary>
    public static Grant StageFiles { get; } = new(stack =>
    [
        new Permission(["s3:ListBucket"], [stack.Exchange]),
        new Permission(
            ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"], [$"{stack.Exchange}/{ExchangeKeys.Staged}*"]),
    ]);

    public static Grant RemoveStaged { get; } = new(stack =>
        [new Permission(["s3:ListBucket"], [stack.Exchange]), new Permission(["s3:DeleteObject"], [$"{stack.Exchange}/{ExchangeKeys.Staged}*"])]);

    /// <summary>Take away what ElastiCache wrote there. It alone chooses what its files of serverless caches are called.</summary>
    public static Grant RemoveFromExchange { get; } = new(stack => [.. ListExchange.In(stack), new Permission(["s3:DeleteObject"], [$"{stack.Exchange}/*"])]);

    /// <summary>
    /// What ElastiCache does with the network in the name of whoever asks it for a cache, and nothing that the function does itself. Such an
    /// interface carries no tag, and knows no resource before there is one.
    /// </summary>
    internal static Permission ThroughServices(IReadOnlyList<string> actions) => new(actions, ["*"], new Dictionary<string, IReadOnlyDictionary<string, string>>
    {
        ["Bool"] = new Dictionary<string, string> { ["aws:ViaAWSService"] = "true" },
    });

    /// <summary>
    /// Tags are given when something is made. ElastiCache knows no condition that says so; what there is, is that ours must be among them, with
    /// an execution of this stack: nothing is tagged in the name of somebody else.
    /// </summary>
    private static Permission TagWith(StackArns stack, string machine, string[] kinds) => new(
        ["elasticache:AddTagsToResource"],
        Of(stack, kinds),
        new Dictionary<string, IReadOnlyDictionary<string, string>>
        {
            ["StringLike"] = new Dictionary<string, string> { [$"aws:RequestTag/{ManagedTags.Execution}"] = stack.Executions(machine) },
        });

    /// <summary>
    /// A serverless cache is reached by endpoints that ElastiCache makes for whoever asks for the cache: those of its own services, tagged when
    /// they are made. These are the conditions of AWS's own policies for ElastiCache (AmazonElastiCacheFullAccess, ElastiCacheServiceRolePolicy).
    /// </summary>
    private static Permission[] ServerlessEndpoints()
    {
        string[] endpoints = [StackArns.Network("vpc-endpoint")];
        Dictionary<string, IReadOnlyDictionary<string, string>> ofElastiCache = new()
        {
            ["StringLike"] = new Dictionary<string, string> { ["ec2:VpceServiceName"] = "com.amazonaws.elasticache.serverless.*" },
        };
        return
        [
            new Permission(["ec2:CreateVpcEndpoint", "ec2:DeleteVpcEndpoints"], endpoints, ofElastiCache),
            new Permission(["ec2:CreateVpcEndpoint"], [StackArns.Network("vpc"), StackArns.Network("subnet"), StackArns.Network("security-group")]),
            new Permission(["ec2:CreateTags"], endpoints, new Dictionary<string, IReadOnlyDictionary<string, string>>
            {
                ["StringEquals"] = new Dictionary<string, string>
                {
                    ["ec2:CreateAction"] = "CreateVpcEndpoint",
                    ["aws:RequestTag/AmazonElastiCacheManaged"] = "true",
                },
            }),
        ];
    }

    private static string[] Of(StackArns stack, string[] kinds) => [.. kinds.Select(StackArns.ElastiCache)];
}
