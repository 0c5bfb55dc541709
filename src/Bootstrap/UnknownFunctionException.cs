namespace CacheBackup.Bootstrap;

/// <summary>The stack asks for a function that this program does not have.</summary>
internal sealed class UnknownFunctionException(string message) : Exception(message);
