namespace CacheBackup.Core.Storage;

/// <summary>A conditional write found another state than it asked for, and wrote nothing (HTTP 412).</summary>
public sealed class PreconditionFailedException(string message, Exception? innerException = null) : PermanentException(message, innerException);
