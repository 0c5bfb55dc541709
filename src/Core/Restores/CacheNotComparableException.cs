namespace CacheBackup.Core.Restores;

/// <summary>The cache may hold what the backup does, and cannot be asked for all of it: nothing is said about its content.</summary>
public sealed class CacheNotComparableException(string message, Exception? innerException = null) : PermanentException(message, innerException);
