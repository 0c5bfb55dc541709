namespace CacheBackup.Core.Buckets;

/// <summary>
/// What a request may name: a service writes to, and reads from, no bucket and no directory that its operator has not listed, and uses no key
/// of others.
/// </summary>
public sealed record ConfiguredBuckets
{
    public static ConfiguredBuckets None { get; } = new();

    /// <summary>Where exports may go, there or below: <c>--export-to</c>, in AWS the context <c>exportBuckets</c>.</summary>
    public IReadOnlyList<BucketAddress> ExportBuckets { get; init; } = [];

    /// <summary>Where files may be imported from, there or below: <c>--import-from</c>, in AWS the context <c>importBuckets</c>.</summary>
    public IReadOnlyList<BucketAddress> ImportBuckets { get; init; } = [];

    /// <summary>Where copies may be kept, exactly there: <c>--copy-to</c>, in AWS the context <c>copyTargets</c>.</summary>
    public IReadOnlyList<BucketAddress> CopyTargets { get; init; } = [];

    /// <summary>KMS keys, by their ARNs, that a restore may encrypt a new cache of ElastiCache with: in AWS the context <c>cacheKeys</c>.</summary>
    public IReadOnlyList<string> CacheKeys { get; init; } = [];

    /// <exception cref="TargetNotConfiguredException">It is not listed.</exception>
    public BucketAddress RequireExport(string location)
    {
        string place = BucketAddress.Normalize(location);
        return Within(ExportBuckets, place) is { } bucket
            ? bucket with { Location = place }
            : throw NotConfigured("export to", place, "--export-to", "exportBuckets");
    }

    /// <param name="path">Bucket, folder and file in one: <c>myBucket/myFolder/redis-backup.rdb</c>, with or without <c>s3://</c>.</param>
    /// <exception cref="TargetNotConfiguredException">It is not listed.</exception>
    public (BucketAddress Bucket, BucketFileName File) RequireImport(string path)
    {
        string place = BucketAddress.Normalize(path);
        return Within(ImportBuckets, place) is { } bucket && place.Length > bucket.Location.Length
            ? (bucket, BucketFileName.Parse(place[bucket.Location.Length..].TrimStart('/')))
            : throw NotConfigured("import from", FolderOf(place), "--import-from", "importBuckets");
    }

    /// <exception cref="TargetNotConfiguredException">It is not listed.</exception>
    public BucketAddress RequireCopyTarget(string location)
    {
        string place = BucketAddress.Normalize(location);
        return CopyTargets.FirstOrDefault(target => target.Location == place)
            ?? throw NotConfigured("copy to", place, "--copy-to", "copyTargets");
    }

    /// <param name="arn">Null: AWS's own key, which needs no word.</param>
    /// <exception cref="TargetNotConfiguredException">It is not listed.</exception>
    public void RequireCacheKey(string? arn)
    {
        if (arn is not null && !CacheKeys.Contains(arn))
        {
            throw new TargetNotConfiguredException(
                $"This service may not encrypt a cache with {arn}. Its operator can allow it: in AWS add \"{arn}\" to the context cacheKeys and deploy.");
        }
    }

    private static BucketAddress? Within(IReadOnlyList<BucketAddress> buckets, string place) =>
        buckets.Where(bucket => bucket.Holds(place)).MaxBy(bucket => bucket.Location.Length);

    private static string FolderOf(string place) => place[..Math.Max(place.LastIndexOf('/'), 1)].TrimEnd(':', '/');

    private static TargetNotConfiguredException NotConfigured(string what, string place, string option, string context) => new(
        $"This service may not {what} {place}. Its operator can allow it: start serve with {option} {place}, or in AWS add \"{place}\" to the "
        + $"context {context} and deploy.");
}
