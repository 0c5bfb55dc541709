namespace CacheBackup.Core.Storage;

/// <summary>The store has no room for the write; nothing was written.</summary>
public sealed class StoreFullException(string message, Exception? innerException = null) : PermanentException(message, innerException);
