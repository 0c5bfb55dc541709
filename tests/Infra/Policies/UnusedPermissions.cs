namespace CacheBackup.Infra.Tests.Policies;

/// <summary>What roles allow without a test ever having used it, and why they do.</summary>
internal static class UnusedPermissions
{
    private const string Data = "arn:aws:s3:::data-bucket/data/*";

    private const string LeftToTheTick = "What a lost native backup left is taken up by the tick first, where its cache has automatic backups, as all have here.";

    public static IReadOnlyList<UnusedPermission> All { get; } =
    [
        new("*", "logs:*", "arn:aws:logs:*:log-group:/aws/lambda/*", "Lambda itself writes a function's log with its role."),
        new("*", "kms:Decrypt", "*:key/key", "Whoever writes to a bucket with our key may decrypt, which parts of an upload and If-Match take."),

        new(
            "Snapshot|ImportFile|CopyShard|AdoptNativeFile",
            "s3:AbortMultipartUpload",
            Data,
            "An upload that breaks off is given up by whoever began it; the sources here do not break off."),
        new("ExportShard", "s3:AbortMultipartUpload", "arn:aws:s3:::exports/*", "As for a snapshot."),
        new("ExportShard", "s3:DeleteObject", "arn:aws:s3:::exports/*", "A copy whose digest is another is taken away again."),
        new("CopyShard", "s3:DeleteObject", "arn:aws:s3:::data-bucket/data/*/shard-*", "A copy whose digest is another is taken away again."),
        new(
            "CompleteBackup|CompleteCopy|CompleteImport",
            "s3:AbortMultipartUpload",
            Data,
            "Uploads of attempts that broke off are given up when another attempt is published."),
        new("CompleteImport", "s3:DeleteObject", "*/catalog/by-tag/*", "The keys of the index of tags hold the size, and change when it is known."),
        new("Api", "states:StopExecution", "*:execution:full-delete:*", "Any running execution may be cancelled; this one is over before a test asks."),
        new("Api", "states:StopExecution", "*:execution:full-remove-cache:*", "Any running execution may be cancelled; this one is over before a test asks."),
        new("CheckImport", "s3:GetObjectAcl", "arn:aws:s3:::imports/*", "Looked at where ElastiCache is to read the file."),
        new(
            "AbandonBackup|AbandonExecution|MendRecords|PlanBackups|RemoveNativeFiles",
            "s3:DeleteObject",
            "*/catalog/native-exports/*",
            "Whoever ends a job that still holds the turn to export gives it back; here every turn was over when its job broke off."),
        new("AdoptManagedCache", "elasticache:DescribeEvents", "*", "Asked why a node failed after its cluster was available; here none does."),
        new(
            "RequestManagedCache",
            "elasticache:DescribeCacheClusters",
            "*:cluster:*",
            "One grant for all who look at caches: it changes nothing, and the next step looks at the nodes."),
        new("RequestNativeSnapshot", "elasticache:ListTagsForResource", "*snapshot:*", "Whose a snapshot of the same name is; here there is none."),
        new("StageFile", "s3:AbortMultipartUpload", "arn:aws:s3:::exchange-bucket/staged/*", "As for a snapshot."),
        new("Api", "s3:AbortMultipartUpload", "arn:aws:s3:::*/data/*", "Whoever gives a new backup up gives its uploads up; where it was not started there are none."),
        new("MendRecords", "elasticache:D*Snapshot*", "arn:aws:elasticache:*", LeftToTheTick),
        new("MendRecords", "elasticache:ListTagsForResource", "*snapshot:*", LeftToTheTick),
        new("MendRecords", "s3:DeleteObject", "arn:aws:s3:::exchange-bucket/*", LeftToTheTick),
        new("MendRecords", "s3:GetObject", Data, LeftToTheTick),
        new("MendRecords", "s3:ListBucket", "arn:aws:s3:::data-bucket", LeftToTheTick),
        new("MendRecords", "s3:DeleteObject", "*/claims/*", "A lost restore's claim on an endpoint is given back; here another restore took it first."),
    ];
}
