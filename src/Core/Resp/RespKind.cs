namespace CacheBackup.Core.Resp;

/// <summary>What a RESP2 reply is.</summary>
public enum RespKind
{
    /// <summary>A nil bulk string or a nil array; the two mean the same.</summary>
    Nil,
    SimpleString,
    Error,
    Number,
    Bulk,
    Array,
}
