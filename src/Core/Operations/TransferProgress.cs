namespace CacheBackup.Core.Operations;

/// <summary>How far one shard or lane has come. No decision reads it.</summary>
/// <param name="Bytes">RDB bytes done.</param>
/// <param name="TotalBytes">RDB bytes in all, null where the peer does not say.</param>
/// <param name="Keys">Keys done.</param>
public readonly record struct TransferProgress(long Bytes, long? TotalBytes, long Keys);
