namespace CacheBackup.Core.Storage;

/// <summary>The store refused the call: the role, the policy or the directory's mode does not allow it.</summary>
public sealed class StoreAccessDeniedException(string message, Exception? innerException = null) : PermanentException(message, innerException);
