namespace CacheBackup.Core.Operations;

/// <summary>ElastiCache made the cache, and could not fill it from the backup's files; the message says what it tells of why.</summary>
public sealed class ManagedCacheRestoreFailedException(string message, Exception? innerException = null) : PermanentException(message, innerException);
