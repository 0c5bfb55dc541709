using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
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
public sealed partial class RespConnection : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly Socket? _socket;
    private readonly PipeReader _input;
    private readonly PipeWriter _output;
    private readonly RespReplyReader _replies;
    private readonly StallWatch _receiving;
    private readonly StallWatch _sending;
    private ReceiveGathering? _gathering;
    private ConnectionReader? _body;
    private long _awaited;
    private long _bulkRemaining;
    private ConnectionPhase _phase = ConnectionPhase.Unanswered;
    private bool _isDisposed;

    /// <param name="stream">Plain or TLS; the connection owns it.</param>
    /// <param name="endpoint">For messages.</param>
    /// <param name="options">Time-outs and buffers.</param>
    /// <param name="time">The clock of the time-outs.</param>
    /// <param name="socket">What is under the stream, which owns it; null where there is none.</param>
    internal RespConnection(Stream stream, CacheEndpoint endpoint, RespConnectionOptions options, TimeProvider time, Socket? socket = null)
    {
        (_stream, _socket) = (stream, socket);
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
        _gathering?.Dispose();
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

    /// <summary>From here on much is to come, and nobody waits for each piece of it.</summary>
    internal void GatherReceives() => _gathering ??= ReceiveGathering.Begin(_socket);

    /// <summary>Closes the connection; what was received stays readable.</summary>
    internal void HangUp() => _stream.Dispose();

    private Exception Lost(Exception cause) => ConnectionFailure.Lost(Endpoint, _phase, cause);

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
}
