namespace CacheBackup.Core.Operations;

/// <summary>ElastiCache did not delete what it was asked to; the message has its reason.</summary>
public sealed class ManagedDeleteFailedException(string message, Exception? innerException = null) : PermanentException(message, innerException);
