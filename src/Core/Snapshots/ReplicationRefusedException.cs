namespace CacheBackup.Core.Snapshots;

/// <summary>The cache does not hand out its data by replication (renamed, unknown or forbidden SYNC and PSYNC).</summary>
public sealed class ReplicationRefusedException(string message, Exception? innerException = null) : PermanentException(message, innerException);
