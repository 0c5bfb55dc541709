namespace CacheBackup.Core.Operations;

/// <summary>ElastiCache did not write a snapshot's files into the exchange bucket; the message has its reason.</summary>
public sealed class NativeExportFailedException(string message, Exception? innerException = null) : PermanentException(message, innerException);
