namespace CacheBackup.Core.Storage;

/// <summary>The multipart upload is not open: it was completed, aborted or never begun.</summary>
public sealed class UploadNotFoundException(string message, Exception? innerException = null) : PermanentException(message, innerException);
