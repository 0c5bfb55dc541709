namespace CacheBackup.Core.Storage;

/// <summary>The store itself — the bucket — is not there, or not where it was looked for.</summary>
public sealed class StoreNotFoundException(string message, Exception? innerException = null) : PermanentException(message, innerException);
