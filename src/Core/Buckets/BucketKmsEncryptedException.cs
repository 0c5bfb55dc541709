namespace CacheBackup.Core.Buckets;

/// <summary>What lies in the bucket is encrypted with a KMS key, and ElastiCache reads only what S3 encrypts with its own. The message has the fix.</summary>
public sealed class BucketKmsEncryptedException(string message, Exception? innerException = null) : PermanentException(message, innerException);
