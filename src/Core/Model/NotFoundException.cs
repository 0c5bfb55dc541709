namespace CacheBackup.Core.Model;

/// <summary>There is no cache, backup or execution of that name.</summary>
public sealed class NotFoundException(string message, Exception? innerException = null) : PermanentException(message, innerException);
