namespace CacheBackup.Core.Catalog;

/// <summary>A catalog document is not what this version of the program writes or understands.</summary>
public sealed class CatalogUnreadableException(string message, Exception? innerException = null) : PermanentException(message, innerException);
