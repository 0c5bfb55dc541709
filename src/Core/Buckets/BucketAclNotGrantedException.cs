namespace CacheBackup.Core.Buckets;

/// <summary>Reading the bucket's access control list (READ_ACP) is not granted. The message has the fix.</summary>
public sealed class BucketAclNotGrantedException(string message, Exception? innerException = null) : PermanentException(message, innerException);
