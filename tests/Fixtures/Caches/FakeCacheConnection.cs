using System.Buffers;
using System.Net.Sockets;
using System.Text;
using CacheBackup.Core.Resp;

namespace CacheBackup.Fixtures.Caches;

/// <summary>One connection of a <see cref="FakeCacheServer"/>, as its script sees it.</summary>
public sealed class FakeCacheConnection
{
    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly Action<string> _onCommand;
    private readonly RespReplyReader _reader = new(RespLimits.Default);
    private ReadOnlySequence<byte> _unread;

    internal FakeCacheConnection(Socket socket, Stream stream, Action<string> onCommand, CancellationToken end)
    {
        _socket = socket;
        _stream = stream;
        _onCommand = onCommand;
        End = end;
    }

    /// <summary>The test is over.</summary>
    public CancellationToken End { get; }

    /// <summary>The next command's words; null when the client has closed.</summary>
    public async Task<string[]?> ReadCommandAsync()
    {
        // On the wire a command is an array of bulks: the reader of replies reads it.
        RespReply command;
        while (!_reader.TryRead(ref _unread, out command))
        {
            byte[] chunk = new byte[4096];
            int read = await _stream.ReadAsync(chunk, End);
            if (read == 0)
            {
                return null;
            }

            _unread = new ReadOnlySequence<byte>([.. _unread.ToArray(), .. chunk.AsSpan(0, read)]);
        }

        string[] words = command.TryGetItems(out ReadOnlyMemory<RespReply> items)
            ? [.. items.ToArray().Select(w => w.TryGetText(out string text) ? text : string.Empty)]
            : [];
        _onCommand(string.Join(' ', words));
        return words;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _stream.WriteAsync(bytes, End);
        await _stream.FlushAsync(End);
    }

    /// <summary>Sends pieces of a size, with a pause after each.</summary>
    public async Task SendInPiecesAsync(ReadOnlyMemory<byte> bytes, int pieceBytes, TimeSpan pause)
    {
        for (int at = 0; at < bytes.Length; at += pieceBytes)
        {
            await SendAsync(bytes.Slice(at, Math.Min(pieceBytes, bytes.Length - at)));
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, TimeProvider.System, End);
            }
        }
    }

    /// <summary>Cuts the connection with RST, as a killed peer or a firewall does.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    /// <summary>Ends our side in order; the client may still send.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Says nothing more, and notes what the client sends, until it closes or the test is over.</summary>
    public async Task ListenAsync()
    {
        while (await ReadCommandAsync() is not null)
        {
        }

        ClientHasClosed = true;
    }

    /// <summary>The client has closed the connection and the script has seen it.</summary>
    public bool ClientHasClosed { get; private set; }
}
