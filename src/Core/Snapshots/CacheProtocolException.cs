namespace CacheBackup.Core.Snapshots;

/// <summary>The peer answered something that the protocol does not allow, or that no cache of a supported engine answers.</summary>
public sealed class CacheProtocolException(string message, Exception? innerException = null) : PermanentException(message, innerException);
