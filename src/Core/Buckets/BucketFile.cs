namespace CacheBackup.Core.Buckets;

/// <summary>A file that lies in somebody else's bucket or directory.</summary>
public sealed record BucketFile(long LengthBytes, DateTimeOffset WrittenAt);
