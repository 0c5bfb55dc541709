namespace CacheBackup.Core.Snapshots;

/// <summary>The TLS handshake failed: certificate, name or protocol.</summary>
public sealed class CacheTlsException(string message, Exception? innerException = null) : PermanentException(message, innerException);
