namespace CacheBackup.Aws.ElastiCache;

/// <summary>A snapshot of a serverless cache as ElastiCache describes it; null where it says nothing.</summary>
/// <param name="Status">In lower case; the model lists none.</param>
public sealed record ServerlessCacheSnapshot(string Name, string Status)
{
    public string? Arn { get; init; }

    public string? Type { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>As ElastiCache writes it, a text.</summary>
    public string? BytesUsed { get; init; }

    public string? Cache { get; init; }

    public string? Engine { get; init; }

    public string? MajorVersion { get; init; }
}
