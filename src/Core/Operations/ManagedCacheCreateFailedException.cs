namespace CacheBackup.Core.Operations;

/// <summary>ElastiCache did not make the cache; the message says what it tells of why.</summary>
public sealed class ManagedCacheCreateFailedException(string message, Exception? innerException = null) : PermanentException(message, innerException);
