namespace CacheBackup.Core.Buckets;

/// <summary>There is no such bucket or directory. The message has the fix.</summary>
public sealed class BucketNotFoundException(string message, Exception? innerException = null) : PermanentException(message, innerException);
