namespace CacheBackup.Core.Snapshots;

/// <summary>A cluster's slots moved between its shards so often while a backup was taken that no set of files holds each slot once.</summary>
public sealed class ClusterReshardedException(string message, Exception? innerException = null) : PermanentException(message, innerException);
