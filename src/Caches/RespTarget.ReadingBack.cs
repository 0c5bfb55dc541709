using System.Buffers;
using System.IO.Pipelines;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches;

/// <content>Values on their way back.</content>
public sealed partial class RespTarget
{
    /// <summary>Replies up to this length are read whole, so that identical bytes can be told at once.</summary>
    private const int WholeReplyBytes = 1024 * 1024;
    private const int FlushAtBytes = 64 * 1024;

    /// <summary>A value that is not the expected one, whatever it is: no value has this digest.</summary>
    private static readonly ReadBack OtherValue = new(Exists: true, SamePayload: false, default, ExpireAtMilliseconds: null);

    private readonly ValueDigester _digester = new(new ValueDecoderOptions { DuplicateCheckElements = 0 });
    private byte[] _payload = new byte[4096];
    private bool _leavesAccessAlone;
    private readonly List<int> _ambiguous = [];

    public async Task<IReadOnlyList<ReadBack>> ReadBackAsync(
        int database, IReadOnlyList<ReadBackRequest> requests, CancellationToken cancellationToken)
    {
        await LeaveAccessAloneAsync(cancellationToken);
        bool tellsExpiry = (await FormatsAsync(cancellationToken)).Version.IsAtLeast(7, 0);
        Select(database, 0);
        await _window.DrainAsync(cancellationToken);
        foreach (ReadBackRequest request in requests)
        {
            // A string by GET: for DUMP a server compresses it first, which takes it longer than all the rest.
            WriteKeyCommand(IsText(request) ? "GET"u8 : "DUMP"u8, request.Key.Span);
            if (tellsExpiry)
            {
                WriteKeyCommand("PEXPIRETIME"u8, request.Key.Span);
            }
            else
            {
                WriteTimedExpiry(request.Key.Span);
            }

            if (_connection.UnflushedBytes >= FlushAtBytes)
            {
                await _connection.FlushAsync(cancellationToken);
            }
        }

        await _connection.FlushAsync(cancellationToken);
        var answers = new ReadBack[requests.Count];
        for (int i = 0; i < answers.Length; i++)
        {
            ReadBack value = await ReadValueAsync(requests[i], cancellationToken);
            long? expiry = tellsExpiry ? await ReadExpiryAsync(cancellationToken) : await ReadTimedExpiryAsync(cancellationToken);
            answers[i] = expiry is { } told ? WithExpiry(value, told) : value;
            if (expiry is null)
            {
                _ambiguous.Add(i);
            }
        }

        foreach (int i in _ambiguous)
        {
            answers[i] = await AskExpiryAgainAsync(answers[i], requests[i], cancellationToken);
        }

        _ambiguous.Clear();
        return answers;
    }

    /// <summary>Reading back would make every cold key hot; servers that know how (7.2) are told not to count it.</summary>
    private async ValueTask LeaveAccessAloneAsync(CancellationToken cancellationToken)
    {
        if (!_leavesAccessAlone)
        {
            await AskAsync(new RespCommand("CLIENT NO-TOUCH", "ON"), cancellationToken);
            _leavesAccessAlone = true;
        }
    }

    private void WriteKeyCommand(ReadOnlySpan<byte> name, ReadOnlySpan<byte> key)
    {
        IBufferWriter<byte> output = _connection.BeginCommand(2);
        output.WriteBulk(name);
        output.WriteBulk(key);
    }

    private static bool IsText(in ReadBackRequest request) => request.ExpectedType == RdbType.String;

    private static bool IsOtherType(in RespReply reply) => reply.TryGetError(out RespError error) && error.Code == "WRONGTYPE";

    private async ValueTask<ReadBack> ReadValueAsync(ReadBackRequest request, CancellationToken cancellationToken)
    {
        RespReplyHead head = await _connection.ReadHeadAsync(cancellationToken);
        return head.Body switch
        {
            null when head.Reply.IsNil => default,
            null when IsText(request) && IsOtherType(head.Reply) => OtherValue,
            null => throw _connection.Refusal(IsText(request) ? "GET" : "DUMP", head.Reply),
            { } body when IsText(request) => await DigestTextAsync(body, head.LengthBytes, cancellationToken),
            { } body when head.LengthBytes <= WholeReplyBytes => await ReadWholeAsync(body, (int)head.LengthBytes, request, cancellationToken),
            { } body => await DigestStreamAsync(body, head.LengthBytes, cancellationToken),
        };
    }

    private async ValueTask<long?> ReadExpiryAsync(CancellationToken cancellationToken)
    {
        RespReply expiry = await _connection.ReadReplyAsync(cancellationToken);
        return expiry.TryGetNumber(out long milliseconds) ? milliseconds : throw _connection.Refusal("PEXPIRETIME", expiry);
    }

    /// <summary>
    /// Before version 7.0 a server tells how long a key has, not until when. Asked for its clock before and after, within one transaction, and
    /// where both fall into one millisecond, it has told the exact moment.
    /// </summary>
    private void WriteTimedExpiry(ReadOnlySpan<byte> key)
    {
        _connection.Write(new RespCommand("MULTI"));
        _connection.Write(new RespCommand("TIME"));
        WriteKeyCommand("PTTL"u8, key);
        _connection.Write(new RespCommand("TIME"));
        _connection.Write(new RespCommand("EXEC"));
    }

    /// <summary>When the key expires, as PEXPIRETIME would tell it; null: the clock went on meanwhile.</summary>
    private async ValueTask<long?> ReadTimedExpiryAsync(CancellationToken cancellationToken)
    {
        const int Commands = 5;
        RespReply reply = default;
        for (int i = 0; i < Commands; i++)
        {
            reply = await _connection.ReadReplyAsync(cancellationToken);
        }

        if (!reply.TryGetItems(out ReadOnlyMemory<RespReply> replies) || replies.Length != 3
            || !ServerClock.TryParse(replies.Span[0], out DateTimeOffset before)
            || !replies.Span[1].TryGetNumber(out long left)
            || !ServerClock.TryParse(replies.Span[2], out DateTimeOffset after))
        {
            throw _connection.Refusal("PTTL", reply);
        }

        long now = before.ToUnixTimeMilliseconds();
        return left < 0 ? left : now == after.ToUnixTimeMilliseconds() ? now + left : null;
    }

    private async ValueTask<ReadBack> AskExpiryAgainAsync(ReadBack value, ReadBackRequest request, CancellationToken cancellationToken)
    {
        const int Attempts = 100;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            WriteTimedExpiry(request.Key.Span);
            await _connection.FlushAsync(cancellationToken);
            if (await ReadTimedExpiryAsync(cancellationToken) is { } expiry)
            {
                return WithExpiry(value, expiry);
            }
        }

        throw new CacheProtocolException(
            $"{_connection.Endpoint} does not answer TIME, PTTL, TIME within one millisecond: exact expiries cannot be compared with it.");
    }

    /// <param name="milliseconds">When it expires, or one of the negative numbers by which servers say why it does not.</param>
    private static ReadBack WithExpiry(ReadBack value, long milliseconds)
    {
        const long NoSuchKey = -2;
        const long NoExpiry = -1;
        return milliseconds switch
        {
            // It went between the two commands.
            NoSuchKey => default,
            NoExpiry => value,
            _ => value with { ExpireAtMilliseconds = milliseconds },
        };
    }

    private async ValueTask<ReadBack> ReadWholeAsync(
        PipeReader body, int length, ReadBackRequest request, CancellationToken cancellationToken)
    {
        if (_payload.Length < length)
        {
            _payload = new byte[Math.Max(length, Math.Min(2 * _payload.Length, WholeReplyBytes))];
        }

        int filled = 0;
        for (bool isOver = false; !isOver;)
        {
            ReadResult read = await body.ReadAsync(cancellationToken);
            read.Buffer.CopyTo(_payload.AsSpan(filled));
            filled += (int)read.Buffer.Length;
            isOver = read.IsCompleted;
            body.AdvanceTo(read.Buffer.End);
        }

        return Judge(_payload.AsSpan(0, length), request);
    }

    private ReadBack Judge(ReadOnlySpan<byte> bytes, in ReadBackRequest request)
    {
        try
        {
            RdbPayload payload = RdbPayload.Read(bytes);
            bool isSame = payload.Type == request.ExpectedType && payload.Value.SequenceEqual(request.ExpectedValue.Span);
            if (!isSame)
            {
                _digester.Begin(payload.Version.Magic, payload.Type);
                _digester.Append(payload.Value);
            }

            return new ReadBack(Exists: true, isSame, isSame ? default : _digester.Complete(), ExpireAtMilliseconds: null);
        }
        catch (RdbFormatException e)
        {
            throw Unreadable(e);
        }
    }

    /// <summary>Digests a string's own bytes as they come.</summary>
    private async ValueTask<ReadBack> DigestTextAsync(PipeReader body, long length, CancellationToken cancellationToken)
    {
        _digester.BeginText(length);
        for (bool isOver = false; !isOver;)
        {
            ReadResult read = await body.ReadAsync(cancellationToken);
            foreach (ReadOnlyMemory<byte> fragment in read.Buffer)
            {
                _digester.Append(fragment.Span);
            }

            isOver = read.IsCompleted;
            body.AdvanceTo(read.Buffer.End);
        }

        return new ReadBack(Exists: true, SamePayload: false, _digester.Complete(), ExpireAtMilliseconds: null);
    }

    /// <summary>Digests a value as it comes; its last ten bytes are the footer, which says whether what came is what was sent.</summary>
    private async ValueTask<ReadBack> DigestStreamAsync(PipeReader body, long length, CancellationToken cancellationToken)
    {
        try
        {
            PayloadDigester? digester = null;
            for (bool isOver = false; !isOver;)
            {
                ReadResult read = await body.ReadAsync(cancellationToken);
                foreach (ReadOnlyMemory<byte> fragment in read.Buffer)
                {
                    ReadOnlyMemory<byte> rest = fragment;
                    if (digester is null && !rest.IsEmpty)
                    {
                        digester = new PayloadDigester((RdbType)rest.Span[0], length);
                        rest = rest[1..];
                    }

                    digester?.Append(rest.Span);
                }

                isOver = read.IsCompleted;
                body.AdvanceTo(read.Buffer.End);
            }

            return new ReadBack(Exists: true, SamePayload: false, digester!.Complete(), ExpireAtMilliseconds: null);
        }
        catch (RdbFormatException e)
        {
            throw Unreadable(e);
        }
    }

    private CacheProtocolException Unreadable(RdbFormatException e) =>
        new($"{_connection.Endpoint} answered DUMP with what is no payload: {e.Code} at byte {e.OffsetBytes} of it.", e);
}
