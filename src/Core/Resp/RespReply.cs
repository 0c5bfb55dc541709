using System.Text;

namespace CacheBackup.Core.Resp;

/// <summary>
/// One whole RESP2 reply, with copies of its bytes. An error is a value like any other. The <c>TryGet</c> members answer false when the reply
/// is of another kind, because what a peer sends is data, not a promise. Its text form shows kind and size, never content.
/// </summary>
public readonly struct RespReply
{
    private static readonly byte[] OkBytes = "OK"u8.ToArray();
    private static readonly byte[] QueuedBytes = "QUEUED"u8.ToArray();

    // byte[] for lines and bulks, RespReply[] for arrays, null otherwise.
    private readonly object? _content;
    private readonly long _integer;

    private RespReply(RespKind kind, object? content, long integer)
    {
        Kind = kind;
        _content = content;
        _integer = integer;
    }

    public static RespReply Nil => default;

    public static RespReply Ok { get; } = new(RespKind.SimpleString, OkBytes, 0);

    /// <summary>The simple string <c>+QUEUED</c>: what a transaction answers each of its commands with.</summary>
    public static RespReply Queued { get; } = new(RespKind.SimpleString, QueuedBytes, 0);

    public RespKind Kind { get; }

    public bool IsNil => Kind == RespKind.Nil;

    public bool IsError => Kind == RespKind.Error;

    /// <summary>The simple string <c>+OK</c>.</summary>
    public bool IsOk => Kind == RespKind.SimpleString && ((byte[])_content!).AsSpan().SequenceEqual("OK"u8);

    public bool IsQueued => Kind == RespKind.SimpleString && ((byte[])_content!).AsSpan().SequenceEqual("QUEUED"u8);

    public static RespReply OfNumber(long value) => new(RespKind.Number, null, value);

    internal static RespReply OfBulk(byte[] bytes) => new(RespKind.Bulk, bytes, 0);

    internal static RespReply OfSimpleString(byte[] bytes) => new(RespKind.SimpleString, bytes, 0);

    internal static RespReply OfError(byte[] line) => new(RespKind.Error, line, 0);

    internal static RespReply OfArray(RespReply[] items) => new(RespKind.Array, items, 0);

    /// <summary>A number reply, or a string that spells one.</summary>
    public bool TryGetNumber(out long value)
    {
        value = _integer;
        return Kind == RespKind.Number
            || (TryGetBytes(out ReadOnlyMemory<byte> bytes) && RespNumber.TryParse(bytes.Span, out value));
    }

    /// <summary>The bytes of a bulk or simple string.</summary>
    public bool TryGetBytes(out ReadOnlyMemory<byte> bytes)
    {
        bool isString = Kind is RespKind.Bulk or RespKind.SimpleString;
        bytes = isString ? (byte[])_content! : default(ReadOnlyMemory<byte>);
        return isString;
    }

    /// <summary>A bulk or simple string read as UTF-8; broken sequences become U+FFFD.</summary>
    public bool TryGetText(out string text)
    {
        bool isString = TryGetBytes(out ReadOnlyMemory<byte> bytes);
        text = isString ? Encoding.UTF8.GetString(bytes.Span) : string.Empty;
        return isString;
    }

    public bool TryGetItems(out ReadOnlyMemory<RespReply> items)
    {
        bool isArray = Kind == RespKind.Array;
        items = isArray ? (RespReply[])_content! : default(ReadOnlyMemory<RespReply>);
        return isArray;
    }

    public bool TryGetError(out RespError error)
    {
        error = IsError ? RespError.Parse((byte[])_content!) : default;
        return IsError;
    }

    public override string ToString() => _content switch
    {
        byte[] when IsError => $"error {RespError.Parse((byte[])_content)}",
        byte[] bytes => $"{Kind} of {bytes.Length} bytes",
        RespReply[] items => $"array of {items.Length}",
        _ => Kind.ToString(),
    };
}
