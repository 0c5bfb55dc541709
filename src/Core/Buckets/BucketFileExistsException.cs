namespace CacheBackup.Core.Buckets;

/// <summary>There is a file of that name already: an export never replaces one. The message has the fix.</summary>
public sealed class BucketFileExistsException(string message, Exception? innerException = null) : PermanentException(message, innerException);
