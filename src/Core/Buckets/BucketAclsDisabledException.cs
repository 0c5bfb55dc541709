namespace CacheBackup.Core.Buckets;

/// <summary>The bucket's access control lists are disabled, and ElastiCache needs a grant there. The message has the fix.</summary>
public sealed class BucketAclsDisabledException(string message, Exception? innerException = null) : PermanentException(message, innerException);
