using CacheBackup.Core.Model;

namespace CacheBackup.Aws.ElastiCache;

/// <summary>A serverless cache as ElastiCache describes it; null where it says nothing.</summary>
/// <param name="Status">In lower case, whichever way it is written: <c>creating</c>, <c>available</c>, <c>modifying</c>, <c>deleting</c>, <c>create-failed</c>.</param>
public sealed record ServerlessCache(string Name, string Status)
{
    public string? Arn { get; init; }

    public string? Engine { get; init; }

    public string? MajorVersion { get; init; }

    public string? FullVersion { get; init; }

    public CacheEndpoint? Endpoint { get; init; }

    public CacheEndpoint? Reader { get; init; }
}
