namespace CacheBackup.Core.Storage;

/// <summary>The stream does not fit into the 10,000 parts of an upload at the part size that memory allows.</summary>
public sealed class UploadTooLongException(string message, Exception? innerException = null) : PermanentException(message, innerException);
