using System.Buffers;

namespace CacheBackup.Core.Resp;

/// <summary>
/// Reads RESP2 replies from bytes that arrive in any fragments. It keeps what it has seen of an unfinished reply, so no byte is looked at twice
/// save those of an unfinished line, and a long bulk is moved out of the caller's buffer as it arrives. Memory grows with bytes received, never
/// with lengths announced. Not thread-safe; after an exception it must not be used further.
/// </summary>
public sealed class RespReplyReader(RespLimits limits)
{
    // A bulk up to this length gets its final array at once; a longer one grows as its bytes come.
    private const int TrustedBulkBytes = 64 * 1024;
    private const int TrustedElements = 256;

    // Stack room for a line that spans segments.
    private const int ScratchBytes = 256;

    private readonly Stack<OpenArray> _open = new();
    private byte[]? _bulk;
    private int _bulkFilled;
    private int _bulkLength;
    private bool _inBulk;
    private long _bytes;
    private int _elements;

    /// <summary>The reply <c>+OK</c>, as it comes.</summary>
    public static ReadOnlySpan<byte> OkLine => "+OK\r\n"u8;

    /// <summary>The reply <c>+QUEUED</c>, as it comes.</summary>
    public static ReadOnlySpan<byte> QueuedLine => "+QUEUED\r\n"u8;

    /// <summary>How many replies that are all <paramref name="line"/> stand at the beginning, one after the other; at most <paramref name="most"/>.</summary>
    public static int Count(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> line, int most)
    {
        int count = 0;
        while (count < most && bytes.StartsWith(line))
        {
            bytes = bytes[line.Length..];
            count++;
        }

        return count;
    }

    /// <summary>A reply has begun and not ended: an end of the connection here cuts it.</summary>
    public bool IsMidReply => _inBulk || _open.Count > 0;

    /// <summary>Takes bytes off the front of <paramref name="buffer"/>; true when they complete a reply. What is left must be offered again.</summary>
    /// <exception cref="RespFormatException">The bytes are no RESP2, or the reply exceeds a limit.</exception>
    public bool TryRead(ref ReadOnlySequence<byte> buffer, out RespReply reply)
    {
        while (TryReadElement(ref buffer, out reply, out bool opensArray))
        {
            if (!opensArray && TryClose(ref reply))
            {
                _bytes = 0;
                _elements = 0;
                return true;
            }
        }

        reply = default;
        return false;
    }

    /// <summary>
    /// Reads the head of a bulk that the caller wants to stream: true with its length when a non-nil bulk comes next, its head being consumed
    /// (the body and a CRLF follow). False otherwise: <paramref name="isOther"/> says whether another kind of reply comes next, to be taken with
    /// <see cref="TryRead"/>, or more bytes are needed first. No length limit applies.
    /// </summary>
    public bool TryReadBulkHead(ref ReadOnlySequence<byte> buffer, out long lengthBytes, out bool isOther) =>
        TryReadHead(ref buffer, (byte)'$', "bulk", long.MaxValue, out lengthBytes, out isOther);

    /// <summary>
    /// Reads the head of an array whose elements the caller wants to take one by one: true with their number when a non-nil array comes next, its
    /// head being consumed. False otherwise, as <see cref="TryReadBulkHead"/> has it.
    /// </summary>
    public bool TryReadArrayHead(ref ReadOnlySequence<byte> buffer, out long elements, out bool isOther) =>
        TryReadHead(ref buffer, (byte)'*', "array", limits.Elements, out elements, out isOther);

    private bool TryReadHead(
        ref ReadOnlySequence<byte> buffer, byte kind, string what, long largest, out long length, out bool isOther)
    {
        length = 0;
        isOther = IsMidReply || (!buffer.IsEmpty && buffer.FirstSpan[0] != kind);
        if (isOther || buffer.IsEmpty)
        {
            return false;
        }

        ReadOnlySequence<byte> rest = buffer;
        Span<byte> scratch = stackalloc byte[ScratchBytes];
        if (!TryReadLine(ref rest, scratch, out ReadOnlySpan<byte> line))
        {
            return false;
        }

        length = ParseLength(line[1..], largest, what);
        isOther = length < 0;
        buffer = isOther ? buffer : rest;
        return !isOther;
    }

    private bool TryReadElement(ref ReadOnlySequence<byte> buffer, out RespReply reply, out bool opensArray)
    {
        opensArray = false;
        reply = default;
        if (_inBulk)
        {
            return TryFillBulk(ref buffer, out reply);
        }

        Span<byte> scratch = stackalloc byte[ScratchBytes];
        if (!TryReadLine(ref buffer, scratch, out ReadOnlySpan<byte> line))
        {
            return false;
        }

        ReadOnlySpan<byte> body = line[1..];
        switch (line[0])
        {
            case (byte)'+':
                reply = body.SequenceEqual("OK"u8) ? RespReply.Ok
                    : body.SequenceEqual("QUEUED"u8) ? RespReply.Queued
                    : RespReply.OfSimpleString(body.ToArray());
                return true;
            case (byte)'-':
                reply = RespReply.OfError(body.ToArray());
                return true;
            case (byte)':':
                reply = RespNumber.TryParse(body, out long number) ? RespReply.OfNumber(number) : throw Malformed("an integer is malformed");
                return true;
            case (byte)'$':
                return BeginBulk(body) || TryFillBulk(ref buffer, out reply);
            case (byte)'*':
                opensArray = BeginArray(body, out reply);
                return true;
            default:
                throw Malformed($"a reply begins with byte 0x{line[0]:x2}");
        }
    }

    /// <summary>True for a nil bulk, which is over already.</summary>
    private bool BeginBulk(ReadOnlySpan<byte> lengthText)
    {
        long length = ParseLength(lengthText, Math.Min(limits.ReplyBytes - _bytes, Array.MaxLength), "bulk");
        if (length < 0)
        {
            return true;
        }

        _bytes += length;
        _bulkLength = (int)length;
        _bulkFilled = 0;
        _bulk = length == 0 ? [] : new byte[Math.Min(_bulkLength, TrustedBulkBytes)];
        _inBulk = true;
        return false;
    }

    private bool TryFillBulk(ref ReadOnlySequence<byte> buffer, out RespReply reply)
    {
        reply = default;
        while (_bulkFilled < _bulkLength && !buffer.IsEmpty)
        {
            if (_bulkFilled == _bulk!.Length)
            {
                Array.Resize(ref _bulk, (int)Math.Min(_bulkLength, 2L * _bulk.Length));
            }

            int take = (int)Math.Min(buffer.Length, _bulk.Length - _bulkFilled);
            buffer.Slice(0, take).CopyTo(_bulk.AsSpan(_bulkFilled));
            _bulkFilled += take;
            buffer = buffer.Slice(take);
        }

        if (_bulkFilled < _bulkLength || buffer.Length < 2)
        {
            return false;
        }

        Span<byte> end = stackalloc byte[2];
        buffer.Slice(0, 2).CopyTo(end);
        if (!end.SequenceEqual("\r\n"u8))
        {
            throw Malformed("a bulk does not end where its length says");
        }

        buffer = buffer.Slice(2);
        reply = RespReply.OfBulk(_bulk!);
        _bulk = null;
        _inBulk = false;
        return true;
    }

    /// <summary>False for a nil or empty array, which is over already.</summary>
    private bool BeginArray(ReadOnlySpan<byte> countText, out RespReply reply)
    {
        long count = ParseLength(countText, limits.Elements - _elements, "array");
        reply = count == 0 ? RespReply.OfArray([]) : default;
        if (count <= 0)
        {
            return false;
        }

        if (_open.Count == limits.Depth)
        {
            throw Malformed($"arrays are nested deeper than {limits.Depth}");
        }

        _elements += (int)count;
        _open.Push(new OpenArray((int)count));
        return true;
    }

    /// <summary>Puts a finished element into the array that is open; true when nothing is open any more.</summary>
    private bool TryClose(ref RespReply reply)
    {
        while (_open.TryPeek(out OpenArray? array))
        {
            array.Add(reply);
            if (!array.IsFull)
            {
                return false;
            }

            reply = RespReply.OfArray(_open.Pop().Items);
        }

        return true;
    }

    /// <summary>A line without its CRLF, never empty; in <paramref name="scratch"/> or an array of its own where it spans segments.</summary>
    private bool TryReadLine(ref ReadOnlySequence<byte> buffer, Span<byte> scratch, out ReadOnlySpan<byte> line)
    {
        int end = buffer.FirstSpan.IndexOf("\r\n"u8);
        if (end >= 0)
        {
            line = buffer.FirstSpan[..end];
            buffer = buffer.Slice(end + 2);
        }
        else if (buffer.IsSingleSegment || !TryReadSplitLine(ref buffer, scratch, out line))
        {
            line = default;
            return MayStillEnd(buffer) ? false : throw Malformed($"a line is longer than {limits.LineBytes} bytes");
        }

        if (line.Length > limits.LineBytes)
        {
            throw Malformed($"a line is longer than {limits.LineBytes} bytes");
        }

        return line.IsEmpty ? throw Malformed("a reply is an empty line") : true;
    }

    /// <summary>True if the line that has no end yet may still have one within the limit: the first half of its CRLF may be there already.</summary>
    private bool MayStillEnd(in ReadOnlySequence<byte> buffer) =>
        buffer.Length <= limits.LineBytes || (buffer.Length == limits.LineBytes + 1L && buffer.Slice(limits.LineBytes).FirstSpan[0] == (byte)'\r');

    private static bool TryReadSplitLine(ref ReadOnlySequence<byte> buffer, Span<byte> scratch, out ReadOnlySpan<byte> line)
    {
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryReadTo(out ReadOnlySequence<byte> found, "\r\n"u8))
        {
            line = default;
            return false;
        }

        Span<byte> target = found.Length <= scratch.Length ? scratch[..(int)found.Length] : new byte[found.Length];
        found.CopyTo(target);
        line = target;
        buffer = reader.UnreadSequence;
        return true;
    }

    private static long ParseLength(ReadOnlySpan<byte> text, long largest, string what)
    {
        if (text.SequenceEqual("-1"u8))
        {
            return -1;
        }

        if (text.IsEmpty || text.ContainsAnyExceptInRange((byte)'0', (byte)'9') || !RespNumber.TryParse(text, out long length))
        {
            throw Malformed($"the length of a {what} is malformed");
        }

        return length <= largest ? length : throw Malformed($"a {what} of {length} exceeds what is left of the limit, {largest}");
    }

    private static RespFormatException Malformed(string what) => new($"Not a RESP2 reply: {what}.");

    private sealed class OpenArray(int count)
    {
        private RespReply[] _items = new RespReply[Math.Min(count, TrustedElements)];
        private int _filled;

        public bool IsFull => _filled == count;

        public RespReply[] Items => _items;

        public void Add(in RespReply item)
        {
            if (_filled == _items.Length)
            {
                Array.Resize(ref _items, (int)Math.Min(count, 2L * _items.Length));
            }

            _items[_filled++] = item;
        }
    }
}
