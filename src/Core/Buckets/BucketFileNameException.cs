namespace CacheBackup.Core.Buckets;

/// <summary>ElastiCache reads no file with a comma in its key. The message has the fix.</summary>
public sealed class BucketFileNameException(string message, Exception? innerException = null) : PermanentException(message, innerException);
