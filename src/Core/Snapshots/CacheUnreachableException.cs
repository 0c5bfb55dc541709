namespace CacheBackup.Core.Snapshots;

/// <summary>No connection to the cache could be made, or it was lost before the transfer began.</summary>
public sealed class CacheUnreachableException(string message, Exception? innerException = null) : TransientException(message, innerException);
