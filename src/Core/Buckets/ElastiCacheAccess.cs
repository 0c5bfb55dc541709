namespace CacheBackup.Core.Buckets;

/// <summary>
/// What ElastiCache itself needs to read a file in a bucket (user guide, "Seeding a new cluster with an externally created backup"): in
/// default Regions a grant to its canonical id, or a bucket policy; in opt-in Regions a bucket policy alone.
/// </summary>
public static class ElastiCacheAccess
{
    /// <summary>ElastiCache's canonical user id in the commercial Regions.</summary>
    public const string CanonicalId = "540804c33a284a299d2547575ce1010f2312ef3da9b3a053c8bc45bf233e4353";

    /// <summary>The same in AWS GovCloud (US).</summary>
    public const string GovCloudCanonicalId = "40fa568277ad703bd160f66ae4f83fc9dfdfd06c2f1b5060ca22442ac3ef8be6";

    // AWS Account Management guide, "Enable or disable AWS Regions": those that an account has to opt into.
    private static readonly HashSet<string> OptInRegions = new(StringComparer.Ordinal)
    {
        "af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6",
        "ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1", "me-central-1", "me-south-1", "mx-central-1",
    };

    private static readonly string[] Actions = ["s3:GetObject", "s3:ListBucket", "s3:GetBucketAcl"];

    public static bool IsOptIn(string region) => OptInRegions.Contains(region);

    public static string ServiceOf(string region) => $"{region}.elasticache-snapshot.amazonaws.com";

    public static string CanonicalIdOf(string region) =>
        region.StartsWith("us-gov-", StringComparison.Ordinal) ? GovCloudCanonicalId : CanonicalId;

    /// <summary>The grants that are missing, each by the name of its action or permission; empty: ElastiCache can read the file.</summary>
    /// <param name="facts">Of the bucket and of the file.</param>
    /// <param name="region">Of the cache that is to be seeded.</param>
    /// <param name="location">The bucket and the file's whole key in it.</param>
    public static IReadOnlyList<string> Missing(BucketFacts facts, string region, BucketFileLocation location)
    {
        BucketPolicy policy = BucketPolicy.Parse(facts.Policy);
        string[] byPolicy = [.. Actions.Where(action => !policy.Allows(
            ServiceOf(region), action, action == Actions[0] ? location.FileArn : location.BucketArn))];
        if (byPolicy.Length == 0 || IsOptIn(region))
        {
            return byPolicy;
        }

        string[] byList = [.. MissingInLists(facts, CanonicalIdOf(region))];
        return byList.Length == 0 ? [] : [.. byList];
    }

    /// <summary>The bucket policy that gives ElastiCache what it needs for one file.</summary>
    public static string Policy(string region, BucketFileLocation location) =>
        BucketPolicy.Allowing("Service", ServiceOf(region), Actions, [location.BucketArn, location.FileArn]);

    /// <summary>What to do in this Region, in a sentence with the document or the command.</summary>
    public static string Fix(string region, BucketFileLocation location)
    {
        string policy = $"Add this to the bucket's policy: {Policy(region, location)}";
        string id = CanonicalIdOf(region);
        return IsOptIn(region)
            ? policy
            : $"{policy} Or, where lists are enabled, grant them to ElastiCache's canonical id: aws s3api put-bucket-acl --bucket {location.Bucket} "
                + $"--grant-read id={id} --grant-read-acp id={id}; aws s3api put-object-acl --bucket {location.Bucket} --key '{location.Key}' "
                + $"--grant-read id={id} --grant-read-acp id={id}";
    }

    private static IEnumerable<string> MissingInLists(BucketFacts facts, string id)
    {
        (string Name, IReadOnlyList<AccessGrant>? List, string Permission)[] needed =
        [
            ("List object (READ on the bucket)", facts.Acl, "READ"),
            ("Read ACL (READ_ACP on the bucket)", facts.Acl, "READ_ACP"),
            ("Read object (READ on the file)", facts.FileAcl, "READ"),
            ("Read ACL (READ_ACP on the file)", facts.FileAcl, "READ_ACP"),
        ];
        return needed.Where(each => !(each.List ?? []).Any(grant => grant.Gives(id, each.Permission))).Select(each => each.Name);
    }
}
