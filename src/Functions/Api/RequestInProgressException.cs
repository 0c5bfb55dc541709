using CacheBackup.Core;

namespace CacheBackup.Functions.Api;

/// <summary>Another request with the same key is being answered; asked again in a moment, it can be told what came of it.</summary>
public sealed class RequestInProgressException(string message, Exception? innerException = null) : TransientException(message, innerException);
