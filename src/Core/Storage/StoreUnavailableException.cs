namespace CacheBackup.Core.Storage;

/// <summary>The store did not answer, or broke off: the write may or may not have happened.</summary>
public sealed class StoreUnavailableException(string message, Exception? innerException = null) : TransientException(message, innerException);
