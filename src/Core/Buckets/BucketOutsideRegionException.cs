namespace CacheBackup.Core.Buckets;

/// <summary>The bucket is in another Region than the one that it was looked for in. The message has the fix.</summary>
public sealed class BucketOutsideRegionException(string message, Exception? innerException = null) : PermanentException(message, innerException);
