namespace CacheBackup.Core.Model;

/// <summary>The record is in a state that does not allow what was asked; the message names the state and what to do.</summary>
public sealed class CatalogConflictException(string message, Exception? innerException = null) : PermanentException(message, innerException);
