namespace CacheBackup.Core.Buckets;

/// <summary>The caller lacks the permissions to look at the bucket at all. The message has the fix.</summary>
public sealed class BucketForbiddenException(string message, Exception? innerException = null) : PermanentException(message, innerException);
