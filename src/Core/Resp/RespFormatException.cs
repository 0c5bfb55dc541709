namespace CacheBackup.Core.Resp;

/// <summary>Bytes that are no RESP2 reply, or one beyond the reader's limits. The connection that they came from cannot be used further.</summary>
public sealed class RespFormatException(string message) : PermanentException(message);
