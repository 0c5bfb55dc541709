namespace CacheBackup.Core.Restores;

/// <summary>The target has no room for the data (OOM), or evicts keys.</summary>
public sealed class TargetOutOfMemoryException(string message, Exception? innerException = null) : PermanentException(message, innerException);
