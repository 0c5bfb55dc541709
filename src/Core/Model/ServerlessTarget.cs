namespace CacheBackup.Core.Model;

/// <summary>A serverless ElastiCache cache that a restore is to make. Its name is the new cache's.</summary>
public sealed record ServerlessTarget
{
    /// <summary>At most 255 characters.</summary>
    public string? Description { get; init; }
}
