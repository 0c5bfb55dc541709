using System.Net.Security;
using System.Text;
using CacheBackup.Core.Memcached;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Memcached;

/// <summary>
/// One connection to one Memcached node, over TCP or TLS, in the text protocol. What comes in lies in one buffer of fixed size
/// (<see cref="Received"/>): lines are read whole (<see cref="ReadLineAsync"/>), values in whatever pieces they come. One task may send
/// while another receives; each side by itself is not thread-safe. After any exception, a cancelled call included, the connection is of no
/// further use: dispose it.
/// </summary>
internal sealed class MemcachedConnection : IAsyncDisposable
{
    /// <summary>No answer's line is longer: a key is at most three times 250 bytes.</summary>
    private const int MaxLineBytes = 16 * 1024;

    /// <summary>
    /// The most that goes in one piece to a server behind TLS, where every piece must end where a command does (or be of one value alone).
    /// Memcached 1.6 reads of a TLS record what it has room for, 16 KiB, and then waits for the network; what is left of the record stays
    /// unseen until more comes.
    /// </summary>
    public const int TlsPieceBytes = 16_000;

    private readonly Stream _stream;
    private readonly byte[] _buffer;
    private readonly StallWatch _receiving;
    private readonly StallWatch _sending;
    private int _start;
    private int _end;
    private ConnectionPhase _phase = ConnectionPhase.Unanswered;
    private bool _isDisposed;

    private MemcachedConnection(Stream stream, CacheEndpoint endpoint, RespConnectionOptions options, TimeProvider time)
    {
        _stream = stream;
        Endpoint = endpoint;
        Time = time;
        // Not pooled: a read that was given up on may still write into it.
        _buffer = GC.AllocateUninitializedArray<byte>(Math.Max(2 * options.ReceiveBufferBytes, 2 * MaxLineBytes));
        _receiving = new StallWatch(options.StallTimeout, stream.Dispose, time);
        _sending = new StallWatch(options.StallTimeout, stream.Dispose, time);
    }

    public CacheEndpoint Endpoint { get; }

    public TimeProvider Time { get; }

    /// <summary>See <see cref="TlsPieceBytes"/>.</summary>
    public bool IsTls => _stream is SslStream;

    /// <summary>What has come and was not taken.</summary>
    public ReadOnlyMemory<byte> Received => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Connects, shakes hands and logs in, all within <see cref="RespConnectionOptions.ConnectTimeout"/>.</summary>
    /// <exception cref="CacheUnreachableException">Name look-up or connection failed, or took too long.</exception>
    /// <exception cref="CacheTlsException">Certificate, name or protocol.</exception>
    /// <exception cref="CacheAccessDeniedException">The server refused the credentials, or wants some.</exception>
    /// <exception cref="CacheProtocolException">What answers is no Memcached.</exception>
    public static Task<MemcachedConnection> ConnectAsync(
        CacheAddress address, ICredentials credentials, RespConnectionOptions options, TimeProvider time, CancellationToken cancellationToken) =>
        CacheConnector.ConnectAsync(
            address,
            credentials,
            options,
            time,
            async (stream, _, login, token) =>
            {
                var connection = new MemcachedConnection(stream, address.Endpoint, options, time);
                try
                {
                    await connection.LogInAsync(login, token).ConfigureAwait(false);
                    return connection;
                }
                catch
                {
                    await connection.DisposeAsync().ConfigureAwait(false);
                    throw;
                }
            },
            cancellationToken);

    /// <summary>Hands bytes to the socket; returns when it has taken them.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _sending.Begin();
        try
        {
            await _stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            await _stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (ConnectionFailure.IsLoss(e))
        {
            throw _sending.HasFired ? ConnectionFailure.TakesNothing(Endpoint, _sending.Limit) : ConnectionFailure.Lost(Endpoint, _phase, e);
        }
        finally
        {
            _sending.End();
        }
    }

    /// <summary>Gives back the first bytes of <see cref="Received"/>.</summary>
    public void Take(int bytes) => _start += bytes;

    /// <summary>
    /// Waits for more to come than <see cref="Received"/> holds. It moves: what was read of it before is no longer valid.
    /// </summary>
    /// <exception cref="CacheUnreachableException">The connection ended, or nothing came for too long.</exception>
    /// <exception cref="TransferCutException">The same during a transfer.</exception>
    public async ValueTask ReceiveAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        _receiving.Begin();
        int read;
        try
        {
            read = await _stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (ConnectionFailure.IsLoss(e))
        {
            throw _receiving.HasFired ? ConnectionFailure.Stalled(Endpoint, _phase, _receiving.Limit) : ConnectionFailure.Lost(Endpoint, _phase, e);
        }
        finally
        {
            _receiving.End();
        }

        if (read == 0)
        {
            throw ConnectionFailure.Ended(Endpoint, _phase);
        }

        _end += read;
        _phase = _phase == ConnectionPhase.Unanswered ? ConnectionPhase.Conversing : _phase;
    }

    /// <summary>
    /// The next line without its end; valid until the next call. Lines end with <c>\n</c>, before which <c>\r</c> may stand.
    /// </summary>
    /// <exception cref="CacheProtocolException">It is longer than any.</exception>
    public ValueTask<ReadOnlyMemory<byte>> ReadLineAsync(CancellationToken cancellationToken) =>
        TryReadLine(out ReadOnlyMemory<byte> line) ? ValueTask.FromResult(line) : ReceiveLineAsync(cancellationToken);

    /// <summary>The same, if a whole line is there.</summary>
    public bool TryReadLine(out ReadOnlyMemory<byte> line)
    {
        ReadOnlySpan<byte> received = Received.Span;
        int end = received.IndexOf((byte)'\n');
        if (end < 0)
        {
            line = default;
            return received.Length > MaxLineBytes
                ? throw new CacheProtocolException($"{Endpoint} answered with a line longer than any of Memcached's. Check that it is one.")
                : false;
        }

        line = Received[..(end > 0 && received[end - 1] == '\r' ? end - 1 : end)];
        _start += end + 1;
        return true;
    }

    /// <summary>Asks for statistics: <c>stats</c>, or one group of them.</summary>
    public async Task<IReadOnlyDictionary<string, string>> StatsAsync(string? group, CancellationToken cancellationToken)
    {
        string command = group is null ? "stats" : $"stats {group}";
        await SendAsync(Encoding.ASCII.GetBytes(command + "\r\n"), cancellationToken).ConfigureAwait(false);
        var stats = new Dictionary<string, string>(StringComparer.Ordinal);
        while (true)
        {
            string line = Encoding.UTF8.GetString((await ReadLineAsync(cancellationToken).ConfigureAwait(false)).Span);
            if (line == "END")
            {
                return stats;
            }

            string[] words = line.Split(' ', 3);
            if (words is not ["STAT", _, ..])
            {
                throw Refusal(command, line);
            }

            stats[words[1]] = words.Length > 2 ? words[2] : string.Empty;
        }
    }

    /// <summary>The exception that an answer means which the caller cannot deal with.</summary>
    /// <param name="command">Its name; no keys.</param>
    public Exception Refusal(string command, string answer)
    {
        string said = answer.StartsWith("ERROR", StringComparison.Ordinal)
            || answer.StartsWith("CLIENT_ERROR", StringComparison.Ordinal)
            || answer.StartsWith("SERVER_ERROR", StringComparison.Ordinal)
                ? answer.Length > 200 ? answer[..200] : answer
                : "something else than Memcached does";
        return answer.Contains("unauthenticated", StringComparison.Ordinal)
            ? new CacheAccessDeniedException($"{Endpoint} wants a user and a password (its --auth-file). Name the user, and where the password is.")
            : new CacheProtocolException($"{Endpoint} answered {command} with: {said}. Check that it is Memcached 1.6.10 or later, without SASL (-S).");
    }

    /// <summary>From here on the connection carries one transfer: an end or a stall is the transfer's.</summary>
    public void EnterTransfer() => _phase = ConnectionPhase.Transferring;

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
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReceiveLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await ReceiveAsync(cancellationToken).ConfigureAwait(false);
            if (TryReadLine(out ReadOnlyMemory<byte> line))
            {
                return line;
            }
        }
    }

    /// <summary>
    /// Sees that Memcached answers, and gives user and password where it wants them. They go as the value of a <c>set</c>, so they are only
    /// sent to a server that has said that it waits for them: any other would store them as an item.
    /// </summary>
    private async Task LogInAsync(CacheLogin? login, CancellationToken cancellationToken)
    {
        string answer = await AskAsync(ItemStreamWriter.Edge.ToArray(), cancellationToken).ConfigureAwait(false);
        bool isWanted = answer.Contains("unauthenticated", StringComparison.Ordinal);
        if (answer != "MN" && !isWanted)
        {
            throw Refusal("mn", answer);
        }

        if (login is null)
        {
            if (isWanted)
            {
                throw Refusal("mn", answer);
            }

            return;
        }

        if (!isWanted)
        {
            throw new CacheAccessDeniedException($"{Endpoint} asks for no user and password (it has no --auth-file). Leave both out.");
        }

        if (login.Username is null)
        {
            throw new CacheAccessDeniedException($"{Endpoint} has a file of users (--auth-file): name the user that the password is of.");
        }

        if (login.Username.Contains(' ', StringComparison.Ordinal) || login.Password.Reveal().Contains(' ', StringComparison.Ordinal))
        {
            throw new CacheAccessDeniedException($"User and password of {Endpoint} may hold no space: Memcached takes each for one word. Change them in its --auth-file.");
        }

        byte[] pair = Encoding.UTF8.GetBytes($"{login.Username} {login.Password.Reveal()}");
        string reply = await AskAsync([.. Encoding.ASCII.GetBytes($"set auth 0 0 {pair.Length}\r\n"), .. pair, (byte)'\r', (byte)'\n'], cancellationToken)
            .ConfigureAwait(false);
        if (reply != "STORED")
        {
            throw new CacheAccessDeniedException($"{Endpoint} refused user and password. Check both, and the server's --auth-file.");
        }
    }

    private async Task<string> AskAsync(byte[] command, CancellationToken cancellationToken)
    {
        await SendAsync(command, cancellationToken).ConfigureAwait(false);
        return Encoding.ASCII.GetString((await ReadLineAsync(cancellationToken).ConfigureAwait(false)).Span);
    }
}
