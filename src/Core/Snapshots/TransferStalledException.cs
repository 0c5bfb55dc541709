namespace CacheBackup.Core.Snapshots;

/// <summary>The peer sent nothing for longer than the stated time.</summary>
public sealed class TransferStalledException(string message, Exception? innerException = null) : TransientException(message, innerException);
