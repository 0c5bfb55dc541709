namespace CacheBackup.Core.Restores;

/// <summary>What was read back from the target differs from the backup.</summary>
public sealed class RestoreMismatchException(string message, Exception? innerException = null) : PermanentException(message, innerException);
