using System.Buffers;
using System.IO.Pipelines;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches;

/// <content>Replies on their way in.</content>
public sealed partial class RespConnection
{
    /// <summary>The next reply, if it has arrived already.</summary>
    public bool TryReadReply(out RespReply reply)
    {
        RequireNoOpenBody();
        reply = default;
        return TryReceive(out ReadResult received) && TryTakeReply(received, out reply);
    }

    /// <summary>
    /// Takes replies that have arrived and are all the same line, as long as one follows the other: what a pipeline of writes or a transaction is
    /// answered with, at a fraction of what reading each of them costs.
    /// </summary>
    /// <param name="line">Such as <see cref="RespReplyReader.OkLine"/>.</param>
    /// <returns>How many, from 0 to <paramref name="most"/>.</returns>
    public int TakeRepeated(ReadOnlySpan<byte> line, int most)
    {
        RequireNoOpenBody();
        if (_replies.IsMidReply || !TryReceive(out ReadResult received))
        {
            return 0;
        }

        int count = RespReplyReader.Count(received.Buffer.FirstSpan, line, most);
        SequencePosition taken = received.Buffer.GetPosition(count * line.Length);
        Advance(taken, taken);
        Interlocked.Add(ref _awaited, -count);
        if (count > 0 && _phase == ConnectionPhase.Unanswered)
        {
            _phase = ConnectionPhase.Conversing;
        }

        return count;
    }

    /// <summary>Waits for the next reply.</summary>
    /// <exception cref="CacheUnreachableException">The connection is lost, or nothing came for the stall time-out.</exception>
    /// <exception cref="CacheProtocolException">What came is no reply, or exceeds the limits.</exception>
    public ValueTask<RespReply> ReadReplyAsync(CancellationToken cancellationToken) =>
        TryReadReply(out RespReply reply) ? ValueTask.FromResult(reply) : AwaitReplyAsync(cancellationToken);

    private async ValueTask<RespReply> AwaitReplyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult received = await ReceiveAsync(cancellationToken).ConfigureAwait(false);
            if (TryTakeReply(received, out RespReply reply))
            {
                return reply;
            }
        }
    }

    /// <summary>Waits for the next reply's beginning; a bulk is then streamed.</summary>
    /// <exception cref="CacheUnreachableException">The connection is lost, or nothing came for the stall time-out.</exception>
    /// <exception cref="CacheProtocolException">What came is no reply, or exceeds the limits.</exception>
    public async ValueTask<RespReplyHead> ReadHeadAsync(CancellationToken cancellationToken)
    {
        if (!TryReadLength(isArray: false, out long length))
        {
            (long? lengthBytes, RespReply reply) = await AwaitLengthAsync(isArray: false, cancellationToken).ConfigureAwait(false);
            if (lengthBytes is null)
            {
                return new RespReplyHead(null, 0, reply);
            }

            length = lengthBytes.Value;
        }

        Interlocked.Decrement(ref _awaited);
        _body = new LengthDelimitedReader(this, length, closingBytes: 2);
        return new RespReplyHead(_body, length, default);
    }

    /// <summary>
    /// Waits for an array whose elements are then read one by one, as so many replies; null with the whole reply where it is none, or nil.
    /// </summary>
    /// <exception cref="CacheUnreachableException">The connection is lost, or nothing came for the stall time-out.</exception>
    /// <exception cref="CacheProtocolException">What came is no reply, or exceeds the limits.</exception>
    public async ValueTask<(long? Elements, RespReply Reply)> ReadArrayHeadAsync(CancellationToken cancellationToken)
    {
        (long? elements, RespReply reply) = await AwaitLengthAsync(isArray: true, cancellationToken).ConfigureAwait(false);
        Interlocked.Add(ref _awaited, elements is { } count ? count - 1 : 0);
        return (elements, reply);
    }

    /// <summary>The head of an array or bulk, if it has arrived already.</summary>
    private bool TryReadLength(bool isArray, out long length)
    {
        RequireNoOpenBody();
        length = 0;
        if (!TryReceive(out ReadResult received))
        {
            return false;
        }

        ReadOnlySequence<byte> buffer = received.Buffer;
        bool isHead = TryParse(ref buffer, isArray, out length, out bool isOther);
        Advance(buffer.Start, isHead || isOther ? buffer.Start : buffer.End);
        return isHead;
    }

    private async ValueTask<(long? Length, RespReply Reply)> AwaitLengthAsync(bool isArray, CancellationToken cancellationToken)
    {
        RequireNoOpenBody();
        while (true)
        {
            ReadResult received = await ReceiveAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = received.Buffer;
            bool isHead = TryParse(ref buffer, isArray, out long length, out bool isOther);
            bool isKnown = isHead || isOther;
            Advance(buffer.Start, isKnown ? buffer.Start : buffer.End);
            if (isHead)
            {
                return (length, default);
            }

            if (isOther)
            {
                return (null, await ReadReplyAsync(cancellationToken).ConfigureAwait(false));
            }

            ThrowIfEnded(received);
        }
    }

    internal async ValueTask<ReadResult> ReceiveAsync(CancellationToken cancellationToken)
    {
        _receiving.Begin();
        _gathering?.BeginWait();
        try
        {
            ReadResult result = await _input.ReadAsync(cancellationToken).ConfigureAwait(false);
            return result.IsCanceled && _receiving.HasFired ? throw Stalled() : result;
        }
        catch (Exception e) when (ConnectionFailure.IsLoss(e))
        {
            throw Lost(e);
        }
        finally
        {
            _gathering?.EndWait();
            _receiving.End();
        }
    }

    internal bool TryReceive(out ReadResult result)
    {
        bool isAny = _input.TryRead(out result);
        return isAny && result.IsCanceled && _receiving.HasFired ? throw Stalled() : isAny;
    }

    internal void Advance(SequencePosition consumed, SequencePosition examined) => _input.AdvanceTo(consumed, examined);

    internal void CancelPendingRead() => _input.CancelPendingRead();

    internal Exception Ended() => ConnectionFailure.Ended(Endpoint, _phase);

    private Exception Stalled() => ConnectionFailure.Stalled(Endpoint, _phase, _receiving.Limit);

    private bool TryTakeReply(in ReadResult received, out RespReply reply)
    {
        ReadOnlySequence<byte> buffer = received.Buffer;
        bool isWhole = TryParse(ref buffer, out reply);
        Advance(buffer.Start, isWhole ? buffer.Start : buffer.End);
        if (!isWhole)
        {
            ThrowIfEnded(received);
            return false;
        }

        Interlocked.Decrement(ref _awaited);
        if (_phase == ConnectionPhase.Unanswered)
        {
            _phase = ConnectionPhase.Conversing;
        }

        return true;
    }

    private bool TryParse(ref ReadOnlySequence<byte> buffer, out RespReply reply)
    {
        try
        {
            return _replies.TryRead(ref buffer, out reply);
        }
        catch (RespFormatException e)
        {
            throw new CacheProtocolException($"{Endpoint} does not speak RESP2 here. {e.Message}", e);
        }
    }

    private bool TryParse(ref ReadOnlySequence<byte> buffer, bool isArray, out long length, out bool isOther)
    {
        try
        {
            return isArray
                ? _replies.TryReadArrayHead(ref buffer, out length, out isOther)
                : _replies.TryReadBulkHead(ref buffer, out length, out isOther);
        }
        catch (RespFormatException e)
        {
            throw new CacheProtocolException($"{Endpoint} does not speak RESP2 here. {e.Message}", e);
        }
    }

    private void ThrowIfEnded(in ReadResult received)
    {
        if (received.IsCompleted)
        {
            throw Ended();
        }
    }

    private void RequireNoOpenBody()
    {
        if (_body is { IsOver: false })
        {
            throw new InvalidOperationException("The body of the reply before was not read to its end.");
        }

        _body = null;
    }
}
