namespace CacheBackup.Aws.ElastiCache;

/// <summary>One shard's part of a snapshot.</summary>
/// <param name="CacheSize">As ElastiCache writes it, such as <c>3 MB</c>; empty while it is made.</param>
public sealed record NodeSnapshot(string? CacheClusterId, string? NodeGroupId, string? Slots, string? CacheSize, DateTimeOffset? CreatedAt);
