namespace CacheBackup.Core.Operations;

/// <summary>A cache of ElastiCache takes no requests at the moment: it is changed, or a snapshot of it is taken. It passes.</summary>
public sealed class ManagedSourceBusyException(string message, Exception? innerException = null) : TransientException(message, innerException);
