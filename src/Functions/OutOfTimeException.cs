using CacheBackup.Core;

namespace CacheBackup.Functions;

/// <summary>A function stopped by itself, shortly before Lambda would have ended its process.</summary>
public sealed class OutOfTimeException(string message, Exception? innerException = null) : TransientException(message, innerException);
