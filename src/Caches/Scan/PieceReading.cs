using System.Buffers.Binary;
using System.IO.Pipelines;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Scan;

/// <summary>
/// Takes one value element by element, under WATCH: what was read counts only if the key did not change meanwhile, which EXEC tells together with the
/// expiry. Until then it lies in a spool, and nothing of it is in the file.
/// <para>A value that changes each of <see cref="Attempts"/> times is left to DUMP. So is one that exceeds the spool, or what may be remembered of it.</para>
/// </summary>
/// <param name="connection">With no reply awaited.</param>
internal sealed class PieceReading(RespConnection connection, ScanFile file, ScanGreeting greeting, PieceOptions options, KeyHash hash) : IDisposable
{
    /// <summary>How often a value is read that changes meanwhile.</summary>
    public const int Attempts = 3;

    private const string FirstCursor = "0";

    /// <summary>What PEXPIRETIME and PTTL say of a key that is not there.</summary>
    private const long NoSuchKey = -2;

    private readonly KeyFacts _facts = new(connection, greeting);
    private ValueSpool? _spool;
    private long _elements;

    /// <param name="database">Is selected.</param>
    public async Task<PieceOutcome> TakeAsync(int database, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        RespReply access = await AskAccessAsync(key, cancellationToken).ConfigureAwait(false);
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            await RequireOkAsync(new RespCommand("WATCH", key), cancellationToken).ConfigureAwait(false);
            (PieceType? type, bool isGone) = await AskTypeAsync(key, cancellationToken).ConfigureAwait(false);
            long length = type is null ? 0 : await AskNumberAsync(type.LengthCommand, key, cancellationToken).ConfigureAwait(false);
            if (type is null || length < LeastOf(type) || !await SpoolAsync(type, key, length, cancellationToken).ConfigureAwait(false))
            {
                await RequireOkAsync(new RespCommand("UNWATCH"), cancellationToken).ConfigureAwait(false);
                return isGone ? PieceOutcome.Vanished : PieceOutcome.Whole;
            }

            RdbEntryHead? head = await ConfirmAsync(database, key, access, cancellationToken).ConfigureAwait(false);
            if (head is { } unchanged && _elements == length)
            {
                await file.WriteAsync(unchanged with { Type = type.Stored }, key, length, _spool!, cancellationToken).ConfigureAwait(false);
                _spool!.Clear();
                return PieceOutcome.Taken;
            }
        }

        return PieceOutcome.Whole;
    }

    public void Dispose() => _spool?.Dispose();

    private long LeastOf(PieceType type) => type == PieceType.String ? options.LeastBytes : options.LeastElements;

    private async ValueTask<RespReply> AskAccessAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        if (!_facts.HasAccess)
        {
            return RespReply.Nil;
        }

        _facts.WriteAccess(key.Span);
        await connection.FlushAsync(cancellationToken).ConfigureAwait(false);
        return await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<(PieceType? Type, bool IsGone)> AskTypeAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        RespReply reply = await connection.SendAsync(new RespCommand("TYPE", key), cancellationToken).ConfigureAwait(false);
        return reply.TryGetText(out string name)
            ? (PieceType.Of(name, greeting.HasFieldExpiries), name == "none")
            : throw connection.Refusal("TYPE", reply);
    }

    private async Task<long> AskNumberAsync(string command, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        RespReply reply = await connection.SendAsync(new RespCommand(command, key), cancellationToken).ConfigureAwait(false);

        // Another type than a moment ago: a key that changes, and of which nothing is to be read.
        return reply.TryGetNumber(out long number) ? number : reply.IsError && IsOfAnotherType(reply) ? 0 : throw connection.Refusal(command, reply);
    }

    /// <summary>Reads all elements into the spool.</summary>
    /// <returns>False: it is to be dumped.</returns>
    private Task<bool> SpoolAsync(PieceType type, ReadOnlyMemory<byte> key, long length, CancellationToken cancellationToken)
    {
        ValueSpool spool = _spool ??= new ValueSpool(options.SpoolDirectory);
        spool.Clear();
        _elements = 0;
        return type.Stored switch
        {
            RdbType.String => SpoolStringAsync(key, length, spool, cancellationToken),
            RdbType.List => SpoolRangesAsync("LRANGE", key, length, spool, cancellationToken),
            RdbType.SortedSet2 => SpoolRangesAsync("ZREVRANGE", key, length, spool, cancellationToken),
            _ => SpoolScannedAsync(type, key, length, spool, cancellationToken),
        };
    }

    private async Task<bool> SpoolStringAsync(ReadOnlyMemory<byte> key, long length, ValueSpool spool, CancellationToken cancellationToken)
    {
        if (length > options.MaxSpoolBytes)
        {
            return false;
        }

        for (long offset = 0; offset < length; offset += options.BytesAtOnce)
        {
            connection.Write(new RespCommand("GETRANGE", key, offset, Math.Min(length, offset + options.BytesAtOnce) - 1));
            await connection.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (!await SpoolBulkAsync("GETRANGE", hasLength: false, spool, cancellationToken).ConfigureAwait(false))
            {
                break;
            }
        }

        _elements = spool.LengthBytes;
        return true;
    }

    /// <summary>Elements by their places. Of a sorted set from the highest score, as servers store them, each with its score.</summary>
    private async Task<bool> SpoolRangesAsync(string command, ReadOnlyMemory<byte> key, long length, ValueSpool spool, CancellationToken cancellationToken)
    {
        bool hasScores = command == "ZREVRANGE";
        for (long first = 0; first < length; first += options.ElementsAtOnce)
        {
            long last = first + options.ElementsAtOnce - 1;
            connection.Write(hasScores ? new RespCommand(command, key, first, last, "WITHSCORES") : new RespCommand(command, key, first, last));
            await connection.FlushAsync(cancellationToken).ConfigureAwait(false);
            long elements = await ReadCountAsync(command, cancellationToken).ConfigureAwait(false);
            for (long i = 0; i < elements; i += hasScores ? 2 : 1)
            {
                await SpoolBulkAsync(command, hasLength: true, spool, cancellationToken).ConfigureAwait(false);
                _elements++;
                if (hasScores)
                {
                    AddScore(await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false), spool);
                }
            }

            if (spool.LengthBytes > options.MaxSpoolBytes)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Fields with their values, or members, by cursor: each once, however often the server names it.</summary>
    private async Task<bool> SpoolScannedAsync(PieceType type, ReadOnlyMemory<byte> key, long length, ValueSpool spool, CancellationToken cancellationToken)
    {
        if (length * RememberedKeys.BytesPerKey > options.MaxRememberedBytes)
        {
            return false;
        }

        bool hasValues = type == PieceType.Hash;
        string command = hasValues ? "HSCAN" : "SSCAN";
        var known = new RememberedKeys(length);
        string cursor = FirstCursor;
        do
        {
            connection.Write(new RespCommand(command, key, cursor, "COUNT", options.ElementsAtOnce));
            await connection.FlushAsync(cancellationToken).ConfigureAwait(false);
            long parts = await ReadCountAsync(command, cancellationToken).ConfigureAwait(false);
            if (parts == 0)
            {
                break;
            }

            if (parts != 2)
            {
                throw new CacheProtocolException($"{connection.Endpoint} answered {command} with {parts} parts instead of two.");
            }

            RespReply next = await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false);
            cursor = next.TryGetText(out string text) ? text : throw connection.Refusal(command, next);
            long elements = await ReadCountAsync(command, cancellationToken).ConfigureAwait(false);
            for (long i = 0; i < elements; i += hasValues ? 2 : 1)
            {
                RespReply name = await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false);
                if (!name.TryGetBytes(out ReadOnlyMemory<byte> bytes))
                {
                    throw connection.Refusal(command, name);
                }

                bool isNew = known.TryAdd(hash.Of(0, bytes.Span));
                if (isNew)
                {
                    spool.AddString(bytes.Span);
                }

                if (hasValues)
                {
                    await SpoolBulkAsync(command, hasLength: true, isNew ? spool : null, cancellationToken).ConfigureAwait(false);
                }
            }

            _elements = known.Count;
            if (spool.LengthBytes > options.MaxSpoolBytes || known.Count * RememberedKeys.BytesPerKey > options.MaxRememberedBytes)
            {
                return false;
            }
        }
        while (cursor != FirstCursor);
        return true;
    }

    /// <summary>Elements of an array that follow one by one; 0 where the key has become one of another type: EXEC will say that it changed.</summary>
    private async ValueTask<long> ReadCountAsync(string command, CancellationToken cancellationToken)
    {
        (long? elements, RespReply other) = await connection.ReadArrayHeadAsync(cancellationToken).ConfigureAwait(false);
        return elements ?? (IsOfAnotherType(other) ? 0 : throw connection.Refusal(command, other));
    }

    /// <summary>Takes one string as it comes.</summary>
    /// <param name="spool">Null: it is not kept.</param>
    /// <returns>False: there is none; the key has become one of another type.</returns>
    private async ValueTask<bool> SpoolBulkAsync(string command, bool hasLength, ValueSpool? spool, CancellationToken cancellationToken)
    {
        RespReplyHead bulk = await connection.ReadHeadAsync(cancellationToken).ConfigureAwait(false);
        if (bulk.Body is not { } body)
        {
            return IsOfAnotherType(bulk.Reply) ? false : throw connection.Refusal(command, bulk.Reply);
        }

        if (hasLength)
        {
            spool?.AddLength(bulk.LengthBytes);
        }

        while (true)
        {
            if (!body.TryRead(out ReadResult read))
            {
                read = await body.ReadAsync(cancellationToken).ConfigureAwait(false);
            }

            foreach (ReadOnlyMemory<byte> piece in read.Buffer)
            {
                spool?.Add(piece.Span);
            }

            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return true;
            }
        }
    }

    private void AddScore(in RespReply reply, ValueSpool spool)
    {
        if (!reply.TryGetBytes(out ReadOnlyMemory<byte> text) || !Score.TryParse(text.Span, out double score))
        {
            throw connection.Refusal("ZREVRANGE", reply);
        }

        Span<byte> stored = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(stored, score);
        spool.Add(stored);
    }

    /// <summary>Asks for the expiry in a transaction, which is only done if the key is as it was when the first element was read.</summary>
    /// <returns>Null: it changed.</returns>
    private async Task<RdbEntryHead?> ConfirmAsync(int database, ReadOnlyMemory<byte> key, RespReply access, CancellationToken cancellationToken)
    {
        await RequireOkAsync(new RespCommand("MULTI"), cancellationToken).ConfigureAwait(false);
        if (_facts.NeedsClock)
        {
            _facts.WriteClock();
        }

        _facts.WriteExpiry(key.Span);
        connection.BeginCommand(1).WriteBulk("EXEC"u8);
        await connection.FlushAsync(cancellationToken).ConfigureAwait(false);
        for (int i = _facts.NeedsClock ? 0 : 1; i < 2; i++)
        {
            RespReply queued = await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false);
            if (!queued.IsQueued)
            {
                throw connection.Refusal(i == 0 ? "TIME" : _facts.ExpiryCommand, queued);
            }
        }

        RespReply done = await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false);
        if (done.IsNil)
        {
            return null;
        }

        if (!done.TryGetItems(out ReadOnlyMemory<RespReply> answers) || answers.Length != (_facts.NeedsClock ? 2 : 1))
        {
            throw connection.Refusal("EXEC", done);
        }

        // A server may not count it as a change that the key expired.
        bool isGone = answers.Span[^1].TryGetNumber(out long expiry) && expiry == NoSuchKey;
        return isGone
            ? null
            : _facts.HeadOf(database, access, answers.Span[^1], _facts.NeedsClock ? _facts.ClockOf(answers.Span[0]) : 0);
    }

    private async Task RequireOkAsync(RespCommand command, CancellationToken cancellationToken)
    {
        RespReply reply = await connection.SendAsync(command, cancellationToken).ConfigureAwait(false);
        if (!reply.IsOk)
        {
            throw connection.Refusal(command.Name, reply);
        }
    }

    private static bool IsOfAnotherType(in RespReply reply) => reply.TryGetError(out RespError error) && error.Code == "WRONGTYPE";
}
