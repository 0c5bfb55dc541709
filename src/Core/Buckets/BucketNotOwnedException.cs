namespace CacheBackup.Core.Buckets;

/// <summary>The bucket is another account's. The message has the fix.</summary>
public sealed class BucketNotOwnedException(string message, Exception? innerException = null) : PermanentException(message, innerException);
