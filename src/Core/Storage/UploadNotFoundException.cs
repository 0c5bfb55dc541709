namespace CacheBackup.Core.Storage;

/// <summary>
/// The multipart upload is not open — it was completed, aborted or never begun — or it does not have the part that was asked for.
/// </summary>
public sealed class UploadNotFoundException(string message, Exception? innerException = null) : PermanentException(message, innerException);
