using System.Buffers;
using CacheBackup.Caches;
using CacheBackup.Core.Resp;

namespace CacheBackup.Local.Demo;

/// <summary>Sends many small commands at full speed and sees that each was answered without an error.</summary>
internal sealed class CommandPipe(RespConnection connection)
{
    private const int FlushAtBytes = 64 * 1024;
    private const int MostAwaited = 2_000;
    private readonly Queue<string> _sent = new();

    /// <summary>Begins a command; exactly its further arguments are to be written to what is returned.</summary>
    public IBufferWriter<byte> Begin(string name, int furtherArguments)
    {
        IBufferWriter<byte> output = connection.BeginCommand(1 + furtherArguments);
        output.WriteBulk(System.Text.Encoding.ASCII.GetBytes(name));
        _sent.Enqueue(name);
        return output;
    }

    public void Write(RespCommand command)
    {
        connection.Write(command);
        _sent.Enqueue(command.Name);
    }

    public void Select(int database)
    {
        if (connection.WriteSelect(database))
        {
            _sent.Enqueue("SELECT");
        }
    }

    /// <summary>To be called between commands: keeps what is buffered, here and on the server, small.</summary>
    public async ValueTask BreatheAsync(CancellationToken cancellationToken)
    {
        if (connection.UnflushedBytes >= FlushAtBytes)
        {
            await connection.FlushAsync(cancellationToken);
            await ReadAsync(MostAwaited, cancellationToken);
        }
    }

    /// <summary>Sends what is buffered and reads every reply.</summary>
    public async ValueTask SettleAsync(CancellationToken cancellationToken)
    {
        await connection.FlushAsync(cancellationToken);
        await ReadAsync(0, cancellationToken);
    }

    /// <summary>One string of any size whose bytes are made on the way.</summary>
    /// <param name="fill">Fills the next piece of the value.</param>
    public async Task SetLargeAsync(RespArgument key, long lengthBytes, Action<Memory<byte>> fill, CancellationToken cancellationToken)
    {
        await SettleAsync(cancellationToken);
        IBufferWriter<byte> output = Begin("SET", 2);
        output.WriteBulk(key.Bytes);
        connection.BeginBulk(lengthBytes);
        byte[] piece = new byte[(int)Math.Min(1024 * 1024, lengthBytes)];
        for (long left = lengthBytes; left > 0;)
        {
            Memory<byte> next = piece.AsMemory(0, (int)Math.Min(piece.Length, left));
            fill(next);
            await connection.WriteFragmentAsync(next, cancellationToken);
            left -= next.Length;
        }

        connection.EndBulk();
        await SettleAsync(cancellationToken);
    }

    private async ValueTask ReadAsync(int leave, CancellationToken cancellationToken)
    {
        while (_sent.Count > leave)
        {
            RespReply reply = await connection.ReadReplyAsync(cancellationToken);
            string command = _sent.Dequeue();
            if (reply.IsError)
            {
                throw connection.Refusal(command, reply);
            }
        }
    }
}
