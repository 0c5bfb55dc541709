namespace CacheBackup.Core.Rewrites;

/// <summary>
/// Files cannot be written anew in the way that was asked for, or one of them is damaged. Nothing has been written. Keys are named by file and
/// offset, never by name.
/// </summary>
public sealed class RewriteRefusedException(string message, Exception? innerException = null) : PermanentException(message, innerException);
