using Microsoft.Win32.SafeHandles;

namespace CacheBackup.Local.Commands;

/// <summary>A range of an open file, read from its beginning to its end; any number of them read one file at once.</summary>
internal sealed class FileRangeStream(SafeFileHandle file, long offsetBytes, long lengthBytes) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => lengthBytes;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int wanted = (int)Math.Min(buffer.Length, lengthBytes - _position);
        int read = wanted == 0 ? 0 : RandomAccess.Read(file, buffer[..wanted], offsetBytes + _position);
        _position += read;
        return wanted == 0 || read > 0 ? read : throw Shrunk();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int wanted = (int)Math.Min(buffer.Length, lengthBytes - _position);
        int read = wanted == 0 ? 0 : await RandomAccess.ReadAsync(file, buffer[..wanted], offsetBytes + _position, cancellationToken);
        _position += read;
        return wanted == 0 || read > 0 ? read : throw Shrunk();
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private IOException Shrunk() => new($"The file became shorter while it was read: byte {offsetBytes + _position} is gone.");
}
