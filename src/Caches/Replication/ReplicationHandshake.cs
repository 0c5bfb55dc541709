using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using CacheBackup.Core;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Replication;

/// <summary>The words before a transfer. Source: valkey and redis <c>src/replication.c</c>, <c>syncWithMaster</c> and <c>syncCommand</c>.</summary>
internal sealed class ReplicationHandshake(RespConnection connection)
{
    private const int EndMarkBytes = 40;
    private const int LongestLine = 8 * 1024;

    /// <summary>Says what we can take, and asks who the node is. TIME comes last: it is to stand as near the fork as can be.</summary>
    public async Task<ReplicationGreeting> GreetAsync(CancellationToken cancellationToken)
    {
        connection.Write(new RespCommand("REPLCONF", "capa", "eof"));
        connection.Write(new RespCommand("REPLCONF", "rdb-only", "1"));
        connection.Write(new RespCommand("INFO", "server"));
        await connection.FlushAsync(cancellationToken).ConfigureAwait(false);
        _ = IsAccepted(await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false));
        bool isRdbOnly = IsAccepted(await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false));
        ServerInfo info = ReadInfo(await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false));

        DateTimeOffset before = connection.Time.GetUtcNow();
        RespReply timeReply = await connection.SendAsync(new RespCommand("TIME"), cancellationToken).ConfigureAwait(false);
        DateTimeOffset after = connection.Time.GetUtcNow();
        if (!ServerClock.TryParse(timeReply, out DateTimeOffset serverTime))
        {
            throw connection.Refusal("TIME", timeReply);
        }

        if (info.Version is not { } version || info.RunId is not { } runId)
        {
            throw new CacheProtocolException($"{connection.Endpoint} tells no version or run id in INFO: it is no cache that can be backed up by replication.");
        }

        DateTimeOffset middle = before + ((after - before) / 2);
        return new ReplicationGreeting(info.Engine, version, runId, serverTime, serverTime - middle, isRdbOnly, (info["server_mode"] ?? info["redis_mode"]) == "cluster");
    }

    /// <summary>Asks for the data set and waits until it is announced, however long the node takes to begin.</summary>
    public async Task<ReplicationOffer> RequestAsync(CancellationToken cancellationToken)
    {
        byte[] answer = await AskAsync(new RespCommand("PSYNC", "?", "-1"), cancellationToken).ConfigureAwait(false);
        if (IsRefusal(answer, "PSYNC", out RespError psyncError))
        {
            answer = await AskAsync(new RespCommand("SYNC"), cancellationToken).ConfigureAwait(false);
            return IsRefusal(answer, "SYNC", out RespError syncError)
                ? throw Refused(psyncError, syncError)
                : ReadOffer("SYNC", answer);
        }

        if (!answer.AsSpan().StartsWith("+FULLRESYNC "u8))
        {
            throw Unexpected("PSYNC");
        }

        answer = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
        return ReadOffer("PSYNC", answer);
    }

    /// <summary>False where the node does not know the option or the command: an older one, or one that renamed it.</summary>
    private bool IsAccepted(in RespReply reply)
    {
        if (reply.IsOk)
        {
            return true;
        }

        return reply.TryGetError(out RespError error) && error.Code == "ERR" ? false : throw connection.Refusal("REPLCONF", reply);
    }

    private ServerInfo ReadInfo(in RespReply reply) =>
        reply.TryGetText(out string text) ? ServerInfo.Parse(text) : throw connection.Refusal("INFO", reply);

    private async Task<byte[]> AskAsync(RespCommand command, CancellationToken cancellationToken)
    {
        connection.Write(command);
        await connection.FlushAsync(cancellationToken).ConfigureAwait(false);
        return await ReadLineAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>True: this command is not to be had here. Everything transient throws.</summary>
    private bool IsRefusal(byte[] line, string command, out RespError error)
    {
        error = default;
        if (line[0] != (byte)'-')
        {
            return false;
        }

        error = RespError.Parse(line.AsSpan(1));
        Exception meaning = ServerErrors.ToException(error, command, connection.Endpoint);
        bool isLackOfRight = error.Code == "NOPERM";
        return isLackOfRight || meaning is CacheProtocolException ? true : throw meaning;
    }

    private ReplicationRefusedException Refused(in RespError psync, in RespError sync) => new(
        $"{connection.Endpoint} hands out no data by replication: PSYNC was refused ({Reason(psync)}), and SYNC as well ({Reason(sync)}). "
        + "Grant the user +psync and +replconf; a cache that renames these commands away cannot be backed up by this version.");

    private static string Reason(in RespError error) => ServerErrors.IsUnknownCommand(error) ? "unknown command" : error.Code;

    private ReplicationOffer ReadOffer(string command, byte[] line)
    {
        ReadOnlySpan<byte> text = line;
        if (text[0] == (byte)'-')
        {
            // A fork or a file that failed, after the node had agreed: bad luck, not a refusal.
            Exception meaning = ServerErrors.ToException(RespError.Parse(text[1..]), command, connection.Endpoint);
            throw meaning is TransientException ? meaning : new TransferCutException(
                $"{connection.Endpoint} agreed to send its data set and then could not ({RespError.Parse(text[1..])}). Its log says why: memory for the fork, or its disk.");
        }

        ReadOnlySpan<byte> markHead = "$EOF:"u8;
        if (text.StartsWith(markHead) && text.Length == markHead.Length + EndMarkBytes)
        {
            return new ReplicationOffer(command, null, text[markHead.Length..].ToArray());
        }

        return TryParseLength(text, out long lengthBytes) ? new ReplicationOffer(command, lengthBytes, null) : throw Unexpected(command);
    }

    private static bool TryParseLength(ReadOnlySpan<byte> line, out long lengthBytes)
    {
        ReadOnlySpan<byte> digits = line[1..];
        lengthBytes = 0;
        return line[0] == (byte)'$'
            && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && Utf8Parser.TryParse(digits, out lengthBytes, out int consumed)
            && consumed == digits.Length;
    }

    private CacheProtocolException Unexpected(string command) =>
        new($"{connection.Endpoint} answered {command} with something that is neither a data set nor an error.");

    /// <summary>The next line that is not empty: empty ones are keep-alives. Without its line end, and never empty itself.</summary>
    private async Task<byte[]> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult received = await connection.ReceiveAsync(cancellationToken).ConfigureAwait(false);
            SequencePosition examined = received.Buffer.End;
            bool isWhole = TryReadLine(received.Buffer, out SequencePosition consumed, out byte[] line);
            connection.Advance(consumed, isWhole ? consumed : examined);
            if (isWhole)
            {
                return line;
            }

            if (received.IsCompleted)
            {
                throw connection.Ended();
            }
        }
    }

    private bool TryReadLine(in ReadOnlySequence<byte> buffer, out SequencePosition consumed, out byte[] line)
    {
        var reader = new SequenceReader<byte>(buffer);
        reader.AdvancePastAny("\r\n"u8);
        consumed = reader.Position;
        line = [];
        if (reader.TryReadTo(out ReadOnlySequence<byte> found, (byte)'\n') && found.Length <= LongestLine)
        {
            consumed = reader.Position;
            line = found.ToArray().AsSpan().TrimEnd((byte)'\r').ToArray();
            return true;
        }

        return reader.Remaining <= LongestLine
            ? false
            : throw new CacheProtocolException($"{connection.Endpoint} sent {LongestLine} bytes without a line end where a transfer should begin.");
    }
}
