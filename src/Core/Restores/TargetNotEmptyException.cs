namespace CacheBackup.Core.Restores;

/// <summary>The target holds keys or functions before the restore; a restore only ever writes into a cache that was empty.</summary>
public sealed class TargetNotEmptyException(string message, Exception? innerException = null) : PermanentException(message, innerException);
