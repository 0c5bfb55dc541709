namespace CacheBackup.Core.Operations;

/// <summary>A restore's target is of a kind that this installation cannot make.</summary>
public sealed class TargetNotAvailableHereException(string message, Exception? innerException = null) : PermanentException(message, innerException);
