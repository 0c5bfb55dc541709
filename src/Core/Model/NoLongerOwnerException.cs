namespace CacheBackup.Core.Model;

/// <summary>Another execution or generation owns the record now; this one stops and writes nothing more.</summary>
public sealed class NoLongerOwnerException(string message, Exception? innerException = null) : PermanentException(message, innerException);
