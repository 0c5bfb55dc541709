using CacheBackup.Core;

namespace CacheBackup.Functions.Api;

/// <summary>The key was used for another request: another method, path, query or body.</summary>
public sealed class IdempotencyMismatchException(string message, Exception? innerException = null) : PermanentException(message, innerException);
