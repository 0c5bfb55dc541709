namespace CacheBackup.Core.Snapshots;

/// <summary>The transfer ended before its end mark; nothing of it counts.</summary>
public sealed class TransferCutException(string message, Exception? innerException = null) : TransientException(message, innerException);
