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

    public async Task<IReadOnlyList<ReadBack>> ReadBackAsync(
        int database, IReadOnlyList<ReadBackRequest> requests, CancellationToken cancellationToken)
    {
        await LeaveAccessAloneAsync(cancellationToken);
        Select(database, 0);
        await _window.DrainAsync(cancellationToken);
        foreach (ReadBackRequest request in requests)
        {
            // A string by GET: for DUMP a server compresses it first, which takes it longer than all the rest.
            WriteKeyCommand(IsText(request) ? "GET"u8 : "DUMP"u8, request.Key.Span);
            WriteKeyCommand("PEXPIRETIME"u8, request.Key.Span);
            if (_connection.UnflushedBytes >= FlushAtBytes)
            {
                await _connection.FlushAsync(cancellationToken);
            }
        }

        await _connection.FlushAsync(cancellationToken);
        var answers = new ReadBack[requests.Count];
        for (int i = 0; i < answers.Length; i++)
        {
            answers[i] = await ReadOneAsync(requests[i], cancellationToken);
        }

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

    private async ValueTask<ReadBack> ReadOneAsync(ReadBackRequest request, CancellationToken cancellationToken)
    {
        RespReplyHead head = await _connection.ReadHeadAsync(cancellationToken);
        ReadBack value = head.Body switch
        {
            null when head.Reply.IsNil => default,
            null when IsText(request) && IsOtherType(head.Reply) => OtherValue,
            null => throw _connection.Refusal(IsText(request) ? "GET" : "DUMP", head.Reply),
            { } body when IsText(request) => await DigestTextAsync(body, head.LengthBytes, cancellationToken),
            { } body when head.LengthBytes <= WholeReplyBytes => await ReadWholeAsync(body, (int)head.LengthBytes, request, cancellationToken),
            { } body => await DigestStreamAsync(body, head.LengthBytes, cancellationToken),
        };
        RespReply expiry = await _connection.ReadReplyAsync(cancellationToken);
        if (!expiry.TryGetNumber(out long milliseconds))
        {
            throw expiry.TryGetError(out RespError error) && ServerErrors.IsUnknownCommand(error)
                ? new TargetRefusedException(
                    $"{_connection.Endpoint} does not know PEXPIRETIME, so exact expiries cannot be compared: that takes version 7.0 or later.")
                : _connection.Refusal("PEXPIRETIME", expiry);
        }

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
