namespace CacheBackup.Core.Restores;

/// <summary>Stored bytes differ from their recorded digests.</summary>
public sealed class BackupDamagedException(string message, Exception? innerException = null) : PermanentException(message, innerException);
