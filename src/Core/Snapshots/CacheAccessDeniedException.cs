namespace CacheBackup.Core.Snapshots;

/// <summary>The cache refused the credentials, or the user lacks a right; the message names the command and the least ACL that is needed.</summary>
public sealed class CacheAccessDeniedException(string message, Exception? innerException = null) : PermanentException(message, innerException);
