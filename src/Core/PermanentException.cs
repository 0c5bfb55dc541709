namespace CacheBackup.Core;

/// <summary>Bad data or bad state: trying the same step again cannot help. State machines never retry these.</summary>
public class PermanentException(string message, Exception? innerException = null) : Exception(message, innerException);
