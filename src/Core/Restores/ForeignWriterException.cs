namespace CacheBackup.Core.Restores;

/// <summary>Somebody else writes to the target while it is being restored.</summary>
public sealed class ForeignWriterException(string message, Exception? innerException = null) : PermanentException(message, innerException);
