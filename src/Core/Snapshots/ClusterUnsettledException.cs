namespace CacheBackup.Core.Snapshots;

/// <summary>
/// A cluster's slots are on the move, are not all served, or moved while a shard was taken: what was taken of it counts for nothing. It passes.
/// </summary>
public sealed class ClusterUnsettledException(string message, Exception? innerException = null) : TransientException(message, innerException);
