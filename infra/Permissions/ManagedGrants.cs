namespace CacheBackup.Infra.Permissions;

/// <summary>What functions may do at ElastiCache, and in the bucket between it and this service.</summary>
internal static class ManagedGrants
{
    private static readonly string[] Kinds = ["replicationgroup", "cluster", "serverlesscache", "snapshot", "serverlesscachesnapshot"];

    /// <summary>See how caches and snapshots of the account and Region stand, and what tags they have.</summary>
    public static Grant SeeCaches { get; } = new(stack =>
    [
        new Permission(
            [
                "elasticache:DescribeReplicationGroups", "elasticache:DescribeCacheClusters", "elasticache:DescribeServerlessCaches",
                "elasticache:DescribeSnapshots", "elasticache:DescribeServerlessCacheSnapshots", "elasticache:ListTagsForResource",
            ],
            Of(stack, Kinds)),
    ]);

    /// <summary>Read what ElastiCache tells of a cache that could not be made. Its events know no resource.</summary>
    public static Grant SeeCacheEvents { get; } = new(_ => [new Permission(["elasticache:DescribeEvents"], ["*"])]);

    /// <summary>Make caches, with tags, seeded from the exchange bucket. ElastiCache looks at the network and reads the file in the caller's name.</summary>
    public static Grant CreateCaches { get; } = new(stack =>
    [
        new Permission(
            ["elasticache:CreateReplicationGroup", "elasticache:CreateServerlessCache", "elasticache:AddTagsToResource"],
            Of(stack, [.. Kinds, "parametergroup", "subnetgroup", "securitygroup", "usergroup"])),
        new Permission(["s3:GetObject"], [$"{stack.Exchange}/*"]),

        // A serverless cache is reached by endpoints that ElastiCache makes for whoever asks for the cache; these know no resource before.
        new Permission(
            [
                "ec2:CreateVpcEndpoint", "ec2:DeleteVpcEndpoints", "ec2:DescribeVpcEndpoints", "ec2:CreateTags", "ec2:DescribeTags", "ec2:DescribeVpcs",
                "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
                "ec2:DescribeNetworkInterfaces",
            ],
            ["*"]),
    ]);

    /// <summary>Take snapshots with tags; they carry our tag from their first moment.</summary>
    public static Grant CreateSnapshots { get; } = new(stack =>
        [new Permission(["elasticache:CreateSnapshot", "elasticache:CreateServerlessCacheSnapshot", "elasticache:AddTagsToResource"], Of(stack, Kinds))]);

    /// <summary>Let ElastiCache write a snapshot into the exchange bucket, which it tries in the caller's name first.</summary>
    public static Grant ExportSnapshots { get; } = new(stack =>
    [
        new Permission(["elasticache:CopySnapshot", "elasticache:ExportServerlessCacheSnapshot"], Of(stack, ["snapshot", "serverlesscachesnapshot"])),
        new Permission(["s3:GetBucketLocation", "s3:ListBucket"], [stack.Exchange]),
        new Permission(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], [$"{stack.Exchange}/*"]),
        new Permission(["s3:ListAllMyBuckets"], ["*"]),
    ]);

    /// <summary>Remove snapshots that this service made.</summary>
    public static Grant DeleteOwnSnapshots { get; } = new(stack =>
    [
        ServiceTasks.OnlyOwn(
            ["elasticache:DeleteSnapshot", "elasticache:DeleteServerlessCacheSnapshot"], Of(stack, ["snapshot", "serverlesscachesnapshot"])),
    ]);

    /// <summary>Remove caches that this service made, where the deployer allowed it.</summary>
    public static Grant DeleteOwnCaches { get; } = new(stack => stack.Context.AllowDeleteCaches
        ?
        [
            ServiceTasks.OnlyOwn(
                ["elasticache:DeleteReplicationGroup", "elasticache:DeleteCacheCluster", "elasticache:DeleteServerlessCache"],
                Of(stack, ["replicationgroup", "cluster", "serverlesscache", "snapshot", "serverlesscachesnapshot"])),
        ]
        : []);

    public static Grant ReadExchange { get; } = new(stack =>
        [new Permission(["s3:ListBucket"], [stack.Exchange]), new Permission(["s3:GetObject"], [$"{stack.Exchange}/*"])]);

    /// <summary>Put files there for ElastiCache; encrypted by S3 itself, so no key is needed.</summary>
    public static Grant WriteExchange { get; } = new(stack =>
    [
        new Permission(["s3:ListBucket"], [stack.Exchange]),
        new Permission(["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"], [$"{stack.Exchange}/*"]),
    ]);

    public static Grant RemoveFromExchange { get; } = new(stack =>
    [
        new Permission(["s3:ListBucket", "s3:ListBucketMultipartUploads"], [stack.Exchange]),
        new Permission(["s3:DeleteObject", "s3:AbortMultipartUpload"], [$"{stack.Exchange}/*"]),
    ]);

    private static string[] Of(StackArns stack, string[] kinds) => [.. kinds.Select(stack.ElastiCache)];
}
