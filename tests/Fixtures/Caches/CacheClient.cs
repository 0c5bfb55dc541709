using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;

namespace CacheBackup.Fixtures.Caches;

/// <summary>
/// A plain client for tests: one command at a time, or many at once. It shares no code with the connection under test but the wire format.
/// With TLS it trusts everything.
/// </summary>
public sealed class CacheClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Stream _stream;
    private readonly RespReplyReader _reader = new(RespLimits.Default);
    private readonly byte[] _chunk = new byte[64 * 1024];
    private ReadOnlySequence<byte> _rest;

    private CacheClient(Stream stream) => _stream = stream;

    public static async Task<CacheClient> ConnectAsync(CacheEndpoint endpoint, bool useTls, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint.Host, endpoint.Port, cancellationToken);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (useTls)
            {
                // It looks at servers with bad certificates too: whom to trust is not what it tests.
#pragma warning disable CA5359
                var tls = new SslStream(stream, leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
                await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", AllowTlsResume = false }, cancellationToken);
                stream = tls;
            }

            return new CacheClient(stream);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends one command; error replies are values.</summary>
    public async Task<RespReply> SendAsync(params RespArgument[] words) => (await SendManyAsync([words]))[0];

    /// <summary>Sends one command and fails unless it is answered with something other than an error.</summary>
    public async Task<RespReply> RequireAsync(params RespArgument[] words)
    {
        RespReply reply = await SendAsync(words);
        return reply.TryGetError(out RespError error)
            ? throw new InvalidOperationException($"The server of a test answered: {error.Message.Reveal()}")
            : reply;
    }

    /// <summary>The reply as text; for INFO and the like.</summary>
    public async Task<string> TextAsync(params RespArgument[] words) =>
        (await RequireAsync(words)).TryGetText(out string text) ? text : throw new InvalidOperationException("The reply is no text.");

    /// <summary>Sends commands in one write and reads all their replies.</summary>
    public async Task<RespReply[]> SendManyAsync(IReadOnlyCollection<RespArgument[]> commands)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        var request = new ArrayBufferWriter<byte>();
        foreach (RespArgument[] command in commands)
        {
            request.WriteArrayHeader(command.Length);
            foreach (RespArgument word in command)
            {
                request.WriteBulk(word.Bytes);
            }
        }

        // Both at once: the server may wait for its replies to be read.
        Task written = _stream.WriteAsync(request.WrittenMemory, patience.Token).AsTask();
        var replies = new RespReply[commands.Count];
        for (int i = 0; i < replies.Length; i++)
        {
            replies[i] = await ReadAsync(patience.Token);
        }

        await written;
        return replies;
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<RespReply> ReadAsync(CancellationToken cancellationToken)
    {
        RespReply reply;
        while (!_reader.TryRead(ref _rest, out reply))
        {
            byte[] left = _rest.ToArray();
            int read = await _stream.ReadAsync(_chunk, cancellationToken);
            if (read == 0)
            {
                throw new IOException("The server of a test closed the connection.");
            }

            _rest = new ReadOnlySequence<byte>([.. left, .. _chunk.AsSpan(0, read)]);
        }

        return reply;
    }
}
