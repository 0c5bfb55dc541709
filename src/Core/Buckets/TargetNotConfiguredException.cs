namespace CacheBackup.Core.Buckets;

/// <summary>A request names a bucket or a directory that the configuration does not list; the message has the line to add.</summary>
public sealed class TargetNotConfiguredException(string message, Exception? innerException = null) : PermanentException(message, innerException);
