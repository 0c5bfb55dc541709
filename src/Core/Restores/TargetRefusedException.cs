namespace CacheBackup.Core.Restores;

/// <summary>The target refused an entry of the backup; the message gives its offset and the server's reason.</summary>
public sealed class TargetRefusedException(string message, Exception? innerException = null) : PermanentException(message, innerException);
