namespace CacheBackup.Core.Restores;

/// <summary>The backup cannot go into that target: engine family, version, status or topology.</summary>
public sealed class BackupNotRestorableException(string message, Exception? innerException = null) : PermanentException(message, innerException);
