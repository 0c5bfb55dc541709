namespace CacheBackup.Core.Buckets;

/// <summary>Listing the bucket, or reading from it, is not granted. The message has the fix.</summary>
public sealed class BucketReadNotGrantedException(string message, Exception? innerException = null) : PermanentException(message, innerException);
