using System.Buffers;
using System.Text;
using CacheBackup.Core.Resp;

namespace CacheBackup.Bench;

/// <summary>Writes commands into a file, as <c>redis-cli --pipe</c> reads them. Memory: one buffer of 1 MiB, or one command.</summary>
internal sealed class CommandFile : IDisposable
{
    private const int BufferBytes = 1 << 20;

    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _buffer = new(2 * BufferBytes);

    public CommandFile(string path) => _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);

    /// <summary>Begins a command; exactly its further arguments are to be written to what is returned.</summary>
    public IBufferWriter<byte> Begin(string name, int furtherArguments)
    {
        if (_buffer.WrittenCount >= BufferBytes)
        {
            Flush();
        }

        _buffer.WriteArrayHeader(1 + furtherArguments);
        _buffer.WriteBulk(Encoding.ASCII.GetBytes(name));
        return _buffer;
    }

    public void Write(string name, params ReadOnlySpan<RespArgument> arguments)
    {
        IBufferWriter<byte> output = Begin(name, arguments.Length);
        foreach (RespArgument argument in arguments)
        {
            output.WriteBulk(argument.Bytes);
        }
    }

    public void Dispose()
    {
        Flush();
        _file.Dispose();
    }

    private void Flush()
    {
        _file.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}
