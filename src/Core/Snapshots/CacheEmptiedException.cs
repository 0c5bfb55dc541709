namespace CacheBackup.Core.Snapshots;

/// <summary>
/// A cache without persistence lost its items while they were being taken in slices: its process was restarted, or it was flushed. Nobody can
/// give them back, and what it holds now is another content than the one whose backup was begun.
/// </summary>
public sealed class CacheEmptiedException(string message, Exception? innerException = null) : PermanentException(message, innerException);
