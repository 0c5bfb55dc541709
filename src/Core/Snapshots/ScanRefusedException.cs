namespace CacheBackup.Core.Snapshots;

/// <summary>A scan cannot be taken of this cache: a command is out of reach, or it has more keys than can be remembered.</summary>
public sealed class ScanRefusedException(string message, Exception? innerException = null) : PermanentException(message, innerException);
