namespace CacheBackup.Core.Operations;

/// <summary>The cache has had as many manual backups within 24 hours as it may.</summary>
public sealed class BackupQuotaExceededException(string message, Exception? innerException = null) : PermanentException(message, innerException);
