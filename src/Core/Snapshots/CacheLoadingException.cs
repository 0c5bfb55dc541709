namespace CacheBackup.Core.Snapshots;

/// <summary>The cache is loading its own data set, or its link to its primary is down (LOADING, NOMASTERLINK, MASTERDOWN).</summary>
public sealed class CacheLoadingException(string message, Exception? innerException = null) : TransientException(message, innerException);
