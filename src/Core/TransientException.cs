namespace CacheBackup.Core;

/// <summary>
/// Bad luck: the same step may succeed when it is tried again. State machines retry these, and only these and AWS's own transient errors.
/// </summary>
public class TransientException(string message, Exception? innerException = null) : Exception(message, innerException);
