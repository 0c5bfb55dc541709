using CacheBackup.Fixtures.Recording;
using MachineNames = CacheBackup.Core.Operations.StateMachines;

namespace CacheBackup.Infra.Tests.Policies;

/// <summary>
/// The table from our calls to AWS's actions (S3: "Required permissions for Amazon S3 API operations"; KMS: "Using SSE-KMS", multipart
/// uploads decrypt their own parts).
/// </summary>
internal static class NeedsOfCalls
{
    private const string Region = SynthesisedStack.Region;
    private const string Account = ResolvedTemplate.Account;
    private const string OwnKey = $"arn:aws:kms:{Region}:{Account}:key/key";
    private const string CopiesKey = "arn:aws:kms:eu-central-1:123456789012:key/copies";
    private const string OthersKey = "arn:aws:kms:eu-west-1:123456789012:key/others";

    // What Lambda does with a function's role for a function in a VPC.
    private static readonly string[] NetworkActions =
    [
        "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface", "ec2:DescribeSubnets",
        "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
    ];

    private static readonly string[] LookActions =
    [
        "s3:GetBucketLocation", "s3:GetBucketAcl", "s3:GetEncryptionConfiguration", "s3:GetBucketOwnershipControls", "s3:GetBucketPolicy",
    ];

    // Dependent actions of CreateReplicationGroup and of CreateServerlessCache, and below of CreateSnapshot, in ElastiCache's service authorization reference.
    private static readonly string[] ClusterNetworkActions =
    [
        "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DescribeVpcs",
    ];

    private static readonly string[] ServerlessNetworkActions =
    [
        "ec2:CreateTags", "ec2:CreateVpcEndpoint", "ec2:DeleteVpcEndpoints", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeTags",
        "ec2:DescribeVpcEndpoints", "ec2:DescribeVpcs",
    ];

    private static Need SeedFile => new("s3:GetObject", "arn:aws:s3:::exchange-bucket/staged/x");

    public static IEnumerable<Need> Of(RecordedCall call) => call.Target switch
    {
        RecordingExecutions.Target => OfExecutions(call),
        RecordingCaches.Target =>
        [
            new Need("secretsmanager:GetSecretValue", $"arn:aws:secretsmanager:{Region}:{Account}:secret:cache-backup/shop-AbCdEf"),
            By("secretsmanager", "kms:Decrypt", $"arn:aws:kms:{Region}:{Account}:key/secrets", Region),
            .. NetworkActions.Select(action => new Need(action, "*")),
        ],
        RecordingSources.Target => OfElastiCache(call),
        "s3://exchange" => OfStore(call, "exchange-bucket", null, Region),
        RecordingSink.Target => [new Need("events:PutEvents", $"arn:aws:events:{Region}:{Account}:event-bus/default")],
        RecordingObjectStore.Catalog => OfStore(call, "catalog-bucket", OwnKey, Region),
        RecordingObjectStore.Data => OfStore(call, "data-bucket", OwnKey, Region),
        "s3://copies" => OfStore(call, "copies", CopiesKey, "eu-central-1"),
        _ => OfStore(call, call.Target["s3://".Length..], OthersKey, Region),
    };

    /// <summary>What a call takes in the data bucket of a stack that locks data: what goes there are versions, found by a list and each looked at where it is held.</summary>
    public static IEnumerable<Need> WhereLocked(RecordedCall call)
    {
        string file = $"arn:aws:s3:::data-bucket/{call.Subject}";
        return (call.Target, call.Member) switch
        {
            (RecordingObjectStore.Data, "Delete") =>
            [
                new Need("s3:ListBucketVersions", "arn:aws:s3:::data-bucket"), new Need("s3:DeleteObjectVersion", file),
                new Need("s3:GetObjectVersion", file), new Need("s3:GetObjectRetention", file),
            ],
            (RecordingObjectStore.Data, _) => Of(call),
            _ => [],
        };
    }

    private static IEnumerable<Need> OfExecutions(RecordedCall call)
    {
        string machine = Machine(call.Subject);
        string execution = Execution(call.Subject);
        return call.Member switch
        {
            "Start" => [new Need("states:StartExecution", machine)],
            "Stop" => [new Need("states:StopExecution", execution)],

            // Whose execution a record names, or a request lists, is known at run time alone: it may be of any machine.
            "Describe" =>
            [
                .. MachineNames.All.SelectMany(name => new[] { new Need("states:DescribeExecution", Execution(name)), new Need("states:GetExecutionHistory", Execution(name)) }),
            ],
            "ListRunning" => [.. MachineNames.All.Select(name => new Need("states:ListExecutions", Machine(name)))],
            _ => throw new InvalidOperationException($"{call} is not in the table of calls: add what it takes."),
        };
    }

    private static string Machine(string name) => $"arn:aws:states:{Region}:{Account}:stateMachine:full-{name}";

    private static string Execution(string machine) => $"arn:aws:states:{Region}:{Account}:execution:full-{machine}:name";

    private static IEnumerable<Need> OfElastiCache(RecordedCall call)
    {
        (string Action, string Kind)[] needs = call.Member switch
        {
            "FindCache" =>
            [
                ("DescribeReplicationGroups", "replicationgroup"), ("DescribeCacheClusters", "cluster"), ("DescribeServerlessCaches", "serverlesscache"),
            ],
            "ReadTags" when call.Subject == "snapshot" => [("ListTagsForResource", "snapshot"), ("ListTagsForResource", "serverlesscachesnapshot")],
            "ReadTags" => [("ListTagsForResource", "replicationgroup"), ("ListTagsForResource", "cluster"), ("ListTagsForResource", "serverlesscache")],
            "FindSnapshot" =>
            [
                ("DescribeSnapshots", "snapshot"), ("DescribeServerlessCacheSnapshots", "serverlesscachesnapshot"),
                ("DescribeServerlessCacheSnapshots", "serverlesscache"),
            ],
            "RequestSnapshot" =>
            [
                ("CreateSnapshot", "replicationgroup"), ("CreateSnapshot", "cluster"), ("CreateSnapshot", "snapshot"),
                ("CreateServerlessCacheSnapshot", "serverlesscache"), ("CreateServerlessCacheSnapshot", "serverlesscachesnapshot"),
                ("AddTagsToResource", "snapshot"), ("AddTagsToResource", "serverlesscachesnapshot"),
            ],
            "RequestCluster" =>
            [
                ("CreateReplicationGroup", "replicationgroup"), ("CreateReplicationGroup", "cluster"),
                ("CreateReplicationGroup", "parametergroup"), ("CreateReplicationGroup", "subnetgroup"), ("CreateReplicationGroup", "securitygroup"),
                ("AddTagsToResource", "replicationgroup"), ("AddTagsToResource", "cluster"),
            ],
            "RequestServerless" =>
            [
                ("CreateServerlessCache", "serverlesscache"), ("AddTagsToResource", "serverlesscache"),
            ],
            "ReadOwner" =>
            [
                ("DescribeReplicationGroups", "replicationgroup"), ("DescribeServerlessCaches", "serverlesscache"),
                ("ListTagsForResource", "replicationgroup"), ("ListTagsForResource", "serverlesscache"),
            ],
            "FindCause" => [("DescribeReplicationGroups", "replicationgroup"), ("DescribeCacheClusters", "cluster")],
            "DeleteSnapshot" => [("DeleteSnapshot", "snapshot"), ("DeleteServerlessCacheSnapshot", "serverlesscachesnapshot")],
            _ => throw new InvalidOperationException($"{call} is not in the table of calls: add what it takes."),
        };
        return OfOthers(call.Member).Concat(needs.Select(need => new Need($"elasticache:{need.Action}", $"arn:aws:elasticache:{Region}:{Account}:{need.Kind}:shop")
        {
            Circumstances = new Dictionary<string, string>
            {
                [$"aws:ResourceTag/{ServiceTasks.OwnTag}"] = "an execution",
                [$"aws:RequestTag/{ServiceTasks.OwnTag}"] = $"arn:aws:states:{Region}:{Account}:execution:full-{(call.Member == "RequestSnapshot" ? "backup" : "restore")}:name",
            },
        }));
    }

    /// <summary>What ElastiCache does elsewhere with the rights of whoever asks it for a cache; and its events, which know no resource.</summary>
    private static IEnumerable<Need> OfOthers(string member) => member switch
    {
        "RequestCluster" => [.. ClusterNetworkActions.Select(ByElastiCache), SeedFile, .. CacheKey],
        "RequestSnapshot" =>
        [
            new Need("s3:GetBucketAcl", "arn:aws:s3:::exchange-bucket"), new Need("s3:PutObject", "arn:aws:s3:::exchange-bucket/x"),
            new Need("s3:DeleteObject", "arn:aws:s3:::exchange-bucket/x"),
        ],
        "RequestServerless" => [.. ServerlessNetworkActions.SelectMany(OfServerless), SeedFile, .. CacheKey],
        "FindCause" => [new Need("elasticache:DescribeEvents", "*")],
        _ => [],
    };

    private static Need[] CacheKey =>
        [.. new[] { "kms:CreateGrant", "kms:DescribeKey" }.Select(action => By("elasticache", action, $"arn:aws:kms:{Region}:{Account}:key/caches", Region))];

    private static Need ByElastiCache(string action) =>
        new(action, "*") { Circumstances = new Dictionary<string, string> { ["aws:ViaAWSService"] = "true" } };

    /// <summary>An endpoint is made in a VPC, its subnets and with its security groups, and tagged as ElastiCache's own while it is made.</summary>
    private static IEnumerable<Need> OfServerless(string action)
    {
        Dictionary<string, string> circumstances = new()
        {
            ["ec2:VpceServiceName"] = $"com.amazonaws.elasticache.serverless.{Region}.vpce-svc-1",
            ["ec2:CreateAction"] = "CreateVpcEndpoint",
            ["aws:RequestTag/AmazonElastiCacheManaged"] = "true",
        };
        string[] resources = action switch
        {
            "ec2:CreateVpcEndpoint" => ["vpc-endpoint/vpce-1", "vpc/vpc-1", "subnet/subnet-1", "security-group/sg-1"],
            "ec2:DeleteVpcEndpoints" or "ec2:CreateTags" => ["vpc-endpoint/vpce-1"],
            _ => [],
        };
        return resources.Length == 0
            ? [new Need(action, "*")]
            : resources.Select(resource => new Need(action, $"arn:aws:ec2:{Region}:{Account}:{resource}") { Circumstances = circumstances });
    }

    /// <param name="key">Null: S3's own, which takes no permission.</param>
    private static IEnumerable<Need> OfStore(RecordedCall call, string bucketName, string? key, string region)
    {
        string bucket = $"arn:aws:s3:::{bucketName}";
        string file = $"{bucket}/{call.Subject}";
        Need read = new("s3:GetObject", file);
        Need write = new("s3:PutObject", file);
        Need[] decrypt = key is null ? [] : [ByS3("kms:Decrypt", key, region)];
        Need[] encrypt = key is null ? [] : [ByS3("kms:GenerateDataKey", key, region)];

        // Without the right to list, S3 says of a missing key that it is forbidden.
        Need list = new("s3:ListBucket", bucket);
        return call.Member switch
        {
            "Get" or "Head" or "Sign" or "CopyFrom" => [read, .. decrypt, list],
            "List" => [list],
            "Put" => [write, .. encrypt],
            "PutMatching" => [write, .. encrypt, read, .. decrypt],
            "Delete" => [new Need("s3:DeleteObject", file)],
            "DeleteMatching" => [new Need("s3:DeleteObject", file), read],
            "BeginUpload" or "UploadPart" or "CompleteUpload" => [write, .. encrypt, .. decrypt],

            // A copy that breaks off gives its upload up.
            "CopyTo" => [write, .. encrypt, .. decrypt, new Need("s3:AbortMultipartUpload", file)],
            "AbortUpload" => [new Need("s3:AbortMultipartUpload", file)],
            "ListUploads" => [new Need("s3:ListBucketMultipartUploads", bucket)],
            "Examine" => [.. LookActions.Select(action => new Need(action, bucket)), new Need("s3:ListAllMyBuckets", "*"), list],
            "ExamineFile" => [.. LookActions.Select(action => new Need(action, bucket)), new Need("s3:GetObjectAcl", $"{bucket}/x"), new Need("s3:GetObject", $"{bucket}/x"), list],
            _ => throw new InvalidOperationException($"{call} is not in the table of calls: add what it takes."),
        };
    }

    private static Need ByS3(string action, string key, string region) => By("s3", action, key, region);

    private static Need By(string service, string action, string key, string region) =>
        new(action, key) { Circumstances = new Dictionary<string, string> { ["kms:ViaService"] = $"{service}.{region}.amazonaws.com" } };
}
