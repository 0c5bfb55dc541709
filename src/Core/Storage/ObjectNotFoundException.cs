namespace CacheBackup.Core.Storage;

/// <summary>The store has no object of that key.</summary>
public sealed class ObjectNotFoundException(string message, Exception? innerException = null) : PermanentException(message, innerException);
