namespace CacheBackup.Core.Buckets;

/// <summary>Writing into the bucket, or removing from it, is not granted. The message has the fix.</summary>
public sealed class BucketWriteNotGrantedException(string message, Exception? innerException = null) : PermanentException(message, innerException);
