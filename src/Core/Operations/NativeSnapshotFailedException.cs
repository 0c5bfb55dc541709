namespace CacheBackup.Core.Operations;

/// <summary>ElastiCache did not take a snapshot, or took one that cannot be used; the message has its reason.</summary>
public sealed class NativeSnapshotFailedException(string message, Exception? innerException = null) : PermanentException(message, innerException);
