using CacheBackup.Core.Buckets;

namespace CacheBackup.Infra.Permissions;

/// <summary>What functions may do in buckets that the stack does not make: those that the context names, and no other.</summary>
internal static class OtherBuckets
{
    // What a check looks at before a file is written or read, and names in its finding.
    private static readonly string[] LookActions =
    [
        "s3:GetBucketLocation", "s3:GetBucketAcl", "s3:GetEncryptionConfiguration", "s3:GetBucketOwnershipControls", "s3:GetBucketPolicy",
    ];

    /// <summary>Look at the buckets of exports, and try whether a file could be written, read and removed there.</summary>
    public static Grant CheckExports { get; } = new(stack =>
    [
        .. WriteFiles(stack.Context.ExportBuckets, stack),
        .. Remove(stack.Context.ExportBuckets),
        .. Look(stack.Context.ExportBuckets, ["s3:GetObjectAcl"]),
    ]);

    /// <summary>Write files of exports. A copy made by S3 is read back where S3 gives no checksum of the whole.</summary>
    public static Grant WriteExports { get; } = new(stack =>
        [.. WriteFiles(stack.Context.ExportBuckets, stack), .. Remove(stack.Context.ExportBuckets), .. Abort(stack.Context.ExportBuckets)]);

    /// <summary>Take back what a broken-off export wrote.</summary>
    public static Grant RemoveExports { get; } = new(stack =>
    [
        .. ReadFiles(stack.Context.ExportBuckets, stack),
        .. Remove(stack.Context.ExportBuckets),
        .. Abort(stack.Context.ExportBuckets),
        .. ListUploads(stack.Context.ExportBuckets),
    ]);

    /// <summary>Look at the buckets of imports, and at their files.</summary>
    public static Grant CheckImports { get; } = new(stack =>
        [.. ReadFiles(stack.Context.ImportBuckets, stack), .. Look(stack.Context.ImportBuckets, ["s3:GetObjectAcl"])]);

    public static Grant ReadImports { get; } = new(stack => ReadFiles(stack.Context.ImportBuckets, stack));

    /// <summary>What stands before every key of a place: its prefix with a slash; empty for a whole bucket.</summary>
    public static string FolderOf(BucketAddress place)
    {
        string rest = place.Location[(BucketAddress.Scheme.Length + place.Bucket.Length)..].Trim('/');
        return rest.Length == 0 ? string.Empty : rest + "/";
    }

    private static IEnumerable<Permission> ReadFiles(IReadOnlyList<BucketAddress> places, StackArns stack) =>
        places.Count == 0
            ? []
            : [new Permission(["s3:ListBucket"], Buckets(places)), new Permission(["s3:GetObject"], Objects(places)), .. Keys(places, stack, ["kms:Decrypt"])];

    private static IEnumerable<Permission> WriteFiles(IReadOnlyList<BucketAddress> places, StackArns stack) =>
        places.Count == 0
            ? []
            :
            [
                new Permission(["s3:ListBucket"], Buckets(places)),
                new Permission(["s3:GetObject", "s3:PutObject"], Objects(places)),
                .. Keys(places, stack, ["kms:GenerateDataKey", "kms:Decrypt"]),
            ];

    private static IEnumerable<Permission> Remove(IReadOnlyList<BucketAddress> places) =>
        places.Count == 0 ? [] : [new Permission(["s3:DeleteObject"], Objects(places))];

    private static IEnumerable<Permission> Abort(IReadOnlyList<BucketAddress> places) =>
        places.Count == 0 ? [] : [new Permission(["s3:AbortMultipartUpload"], Objects(places))];

    private static IEnumerable<Permission> ListUploads(IReadOnlyList<BucketAddress> places) =>
        places.Count == 0 ? [] : [new Permission(["s3:ListBucketMultipartUploads"], Buckets(places))];

    private static IEnumerable<Permission> Look(IReadOnlyList<BucketAddress> places, string[] ofFiles) =>
        places.Count == 0
            ? []
            :
            [
                new Permission(LookActions, Buckets(places)),
                new Permission(ofFiles, Objects(places)),

                // Whose a bucket is shows in the list of one's own alone, which knows no resource.
                new Permission(["s3:ListAllMyBuckets"], ["*"]),
            ];

    private static IEnumerable<Permission> Keys(IReadOnlyList<BucketAddress> places, StackArns stack, string[] actions)
    {
        string[] keys = [.. places.Select(place => place.KmsKey).OfType<string>().Where(key => key.StartsWith("arn:", StringComparison.Ordinal)).Concat(stack.Context.BucketKeys).Distinct()];

        // A key lies in the Region of what it encrypts.
        return keys.Select(key => Grants.ByS3(actions, key, key.Split(':')[3]));
    }

    private static string[] Buckets(IReadOnlyList<BucketAddress> places) => [.. places.Select(place => StackArns.Bucket(place.Bucket)).Distinct()];

    private static string[] Objects(IReadOnlyList<BucketAddress> places) =>
        [.. places.Select(place => $"{StackArns.Bucket(place.Bucket)}/{FolderOf(place)}*").Distinct()];
}
