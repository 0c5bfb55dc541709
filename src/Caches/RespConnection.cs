using System.Buffers;
using System.IO.Pipelines;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches;

/// <summary>
/// One RESP2 connection to one node, over TCP or TLS, for what must stream or be pipelined at full speed.
/// <para><b>One command</b>: <see cref="SendAsync"/> writes, flushes and waits for the reply.</para>
/// <para><b>Pipelined</b>: write any number of commands (<see cref="Write"/>, or <see cref="BeginCommand"/> and then exactly its arguments
/// through <see cref="RespRequest"/>), send them with <see cref="FlushAsync"/>, and read one reply for each, in order, with
/// <see cref="ReadReplyAsync"/> or <see cref="TryReadReply"/>. Writing only fills memory, so flush whenever <see cref="UnflushedBytes"/>
/// reaches some tens of KiB, and bound <see cref="AwaitedReplies"/>: the server holds the replies that are not read.</para>
/// <para><b>Large arguments</b>: begin the command, write its small arguments, then <see cref="BeginBulk"/>,
/// <see cref="WriteFragmentAsync"/> until the announced length is reached, <see cref="EndBulk"/>.</para>
/// <para><b>Large replies</b>: <see cref="ReadHeadAsync"/> instead of <see cref="ReadReplyAsync"/>; the body streams.</para>
/// <para>One task may write while another reads; each side by itself is not thread-safe. Error replies are values
/// (<see cref="RespReply.TryGetError"/>); <see cref="Refusal"/> turns what the caller cannot deal with into the exception that it means. After
/// any exception, a cancelled call included, the connection is of no further use: dispose it.</para>
/// </summary>
public sealed class RespConnection : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly PipeReader _input;
    private readonly PipeWriter _output;
    private readonly RespReplyReader _replies;
    private readonly StallWatch _receiving;
    private readonly StallWatch _sending;
    private ConnectionReader? _body;
    private long _awaited;
    private long _bulkRemaining;
    private ConnectionPhase _phase = ConnectionPhase.Unanswered;
    private bool _isDisposed;

    internal RespConnection(Stream stream, CacheEndpoint endpoint, RespConnectionOptions options, TimeProvider time)
    {
        _stream = stream;
        Endpoint = endpoint;
        Time = time;
        _input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: options.ReceiveBufferBytes, minimumReadSize: options.ReceiveBufferBytes / 4, leaveOpen: true));
        _output = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: options.SendBufferBytes, leaveOpen: true));
        _replies = new RespReplyReader(options.Limits);
        _receiving = new StallWatch(options.StallTimeout, _input.CancelPendingRead, time);
        _sending = new StallWatch(options.StallTimeout, _output.CancelPendingFlush, time);
    }

    public CacheEndpoint Endpoint { get; }

    /// <summary>The database that the last SELECT written here names.</summary>
    public int Database { get; private set; }

    /// <summary>Commands written whose replies were not read yet.</summary>
    public long AwaitedReplies => Interlocked.Read(ref _awaited);

    /// <summary>Bytes that were written and not flushed.</summary>
    public long UnflushedBytes => _output.UnflushedBytes;

    internal TimeProvider Time { get; }

    /// <summary>Connects, shakes hands and authenticates, all within <see cref="RespConnectionOptions.ConnectTimeout"/>.</summary>
    /// <exception cref="CacheUnreachableException">Name look-up or connection failed, or took too long.</exception>
    /// <exception cref="CacheTlsException">Certificate, name or protocol.</exception>
    /// <exception cref="CacheAccessDeniedException">The cache refused the credentials.</exception>
    /// <exception cref="InvalidRequestException">The password's reference leads nowhere.</exception>
    public static Task<RespConnection> ConnectAsync(
        CacheAddress address, ICredentials credentials, RespConnectionOptions options, TimeProvider time, CancellationToken cancellationToken) =>
        RespConnector.ConnectAsync(address, credentials, options, time, cancellationToken);

    /// <summary>Sends one command and reads its reply. Nothing else may be awaited at the time.</summary>
    public async ValueTask<RespReply> SendAsync(RespCommand command, CancellationToken cancellationToken)
    {
        if (AwaitedReplies > 0)
        {
            throw new InvalidOperationException($"{command} was sent while {AwaitedReplies} replies were still to be read.");
        }

        Write(command);
        try
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (CacheUnreachableException) when (_phase == ConnectionPhase.Unanswered)
        {
            // A peer that turns us away says so before it closes: its words may still be there, and tell more than our failed write.
        }

        return await ReadReplyAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Puts one command into the output buffer.</summary>
    public void Write(RespCommand command)
    {
        RequireNoOpenBulk();
        command.WriteTo(_output);
        Interlocked.Increment(ref _awaited);
    }

    /// <summary>Begins a command of that many arguments, its name included, and returns the buffer that takes them.</summary>
    public IBufferWriter<byte> BeginCommand(int argumentCount)
    {
        RequireNoOpenBulk();
        _output.WriteArrayHeader(argumentCount);
        Interlocked.Increment(ref _awaited);
        return _output;
    }

    /// <summary>Sends whole commands that were put together elsewhere, or parts of one in the order of their bytes.</summary>
    /// <param name="commands">As they go over the wire.</param>
    /// <param name="ended">How many of them end within: as many replies are to be read.</param>
    public async ValueTask WriteCommandsAsync(ReadOnlyMemory<byte> commands, int ended, CancellationToken cancellationToken)
    {
        RequireNoOpenBulk();
        Interlocked.Add(ref _awaited, ended);
        await FlushedAsync(_output.WriteAsync(commands, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Writes SELECT if another database is selected; true: one more reply to read.</summary>
    public bool WriteSelect(int database)
    {
        if (database == Database)
        {
            return false;
        }

        Write(new RespCommand("SELECT", database));
        Database = database;
        return true;
    }

    /// <summary>Begins an argument whose bytes follow in fragments, exactly <paramref name="lengthBytes"/> of them.</summary>
    public void BeginBulk(long lengthBytes)
    {
        RequireNoOpenBulk();
        _output.WriteBulkHeader(lengthBytes);
        _bulkRemaining = lengthBytes;
    }

    /// <summary>Sends all that is buffered, then the fragment itself, without copying it.</summary>
    public async ValueTask WriteFragmentAsync(ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fragment.Length, _bulkRemaining);
        _bulkRemaining -= fragment.Length;
        await FlushedAsync(_output.WriteAsync(fragment, cancellationToken)).ConfigureAwait(false);
    }

    public void EndBulk()
    {
        RequireNoOpenBulk();
        _output.WriteBulkEnd();
    }

    /// <summary>Hands everything written to the socket; returns when the socket has taken it.</summary>
    /// <exception cref="CacheUnreachableException">The connection is lost, or the cache takes nothing any more.</exception>
    public ValueTask FlushAsync(CancellationToken cancellationToken) => FlushedAsync(_output.FlushAsync(cancellationToken));

    /// <summary>The next reply, if it has arrived already.</summary>
    public bool TryReadReply(out RespReply reply)
    {
        RequireNoOpenBody();
        reply = default;
        return TryReceive(out ReadResult received) && TryTakeReply(received, out reply);
    }

    /// <summary>
    /// Takes replies that have arrived and are <c>+OK</c>, as long as one follows the other: what a pipeline of writes is answered with, at a fraction
    /// of what reading each of them costs.
    /// </summary>
    /// <returns>How many, from 0 to <paramref name="most"/>.</returns>
    public int TakeOks(int most)
    {
        RequireNoOpenBody();
        if (_replies.IsMidReply || !TryReceive(out ReadResult received))
        {
            return 0;
        }

        int count = RespReplyReader.CountOks(received.Buffer.FirstSpan, most);
        SequencePosition taken = received.Buffer.GetPosition(count * RespReplyReader.OkBytes);
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
    public async ValueTask<RespReply> ReadReplyAsync(CancellationToken cancellationToken)
    {
        RequireNoOpenBody();
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
        (long? lengthBytes, RespReply reply) = await ReadLengthAsync(isArray: false, cancellationToken).ConfigureAwait(false);
        if (lengthBytes is not { } length)
        {
            return new RespReplyHead(null, 0, reply);
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
        (long? elements, RespReply reply) = await ReadLengthAsync(isArray: true, cancellationToken).ConfigureAwait(false);
        Interlocked.Add(ref _awaited, elements is { } count ? count - 1 : 0);
        return (elements, reply);
    }

    private async ValueTask<(long? Length, RespReply Reply)> ReadLengthAsync(bool isArray, CancellationToken cancellationToken)
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

    /// <summary>
    /// The exception that a reply means which the caller cannot deal with: denied, loading, unreachable, or else a breach of the protocol.
    /// </summary>
    /// <param name="command">Name and subcommand of what was sent; no arguments.</param>
    /// <param name="reply">An error, or a reply of a kind that the command never has.</param>
    public Exception Refusal(string command, in RespReply reply) => reply.TryGetError(out RespError error)
        ? ServerErrors.ToException(error, command, Endpoint)
        : new CacheProtocolException($"{Endpoint} answered {command} with {reply}, which that command never answers.");

    /// <summary>Closes the connection. What was written and not flushed is dropped.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _receiving.Dispose();
        _sending.Dispose();
        await _stream.DisposeAsync().ConfigureAwait(false);

        // With an exception: without one, completing would flush into the closed stream.
        await _output.CompleteAsync(new ObjectDisposedException(nameof(RespConnection))).ConfigureAwait(false);
        await _input.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>From here on the connection carries one transfer: an end or a stall is the transfer's.</summary>
    internal void EnterTransfer(TimeSpan stallTimeout)
    {
        _phase = ConnectionPhase.Transferring;
        _receiving.SetLimit(stallTimeout);
    }

    /// <summary>Closes the connection; what was received stays readable.</summary>
    internal void HangUp() => _stream.Dispose();

    internal async ValueTask<ReadResult> ReceiveAsync(CancellationToken cancellationToken)
    {
        _receiving.Begin();
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
            _receiving.End();
        }
    }

    internal bool TryReceive(out ReadResult result) => _input.TryRead(out result);

    internal void Advance(SequencePosition consumed, SequencePosition examined) => _input.AdvanceTo(consumed, examined);

    internal void CancelPendingRead() => _input.CancelPendingRead();

    internal Exception Ended() => ConnectionFailure.Ended(Endpoint, _phase);

    private Exception Stalled() => ConnectionFailure.Stalled(Endpoint, _phase, _receiving.Limit);

    private Exception Lost(Exception cause) => ConnectionFailure.Lost(Endpoint, _phase, cause);

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

    private async ValueTask FlushedAsync(ValueTask<FlushResult> flush)
    {
        _sending.Begin();
        try
        {
            FlushResult result = await flush.ConfigureAwait(false);
            if (result.IsCanceled)
            {
                throw ConnectionFailure.TakesNothing(Endpoint, _sending.Limit);
            }
        }
        catch (Exception e) when (ConnectionFailure.IsLoss(e))
        {
            throw Lost(e);
        }
        finally
        {
            _sending.End();
        }
    }

    private void RequireNoOpenBulk()
    {
        if (_bulkRemaining > 0)
        {
            throw new InvalidOperationException($"An argument still lacks {_bulkRemaining} bytes.");
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
