using CacheBackup.Core.Storage.Files;
using Microsoft.Win32.SafeHandles;

namespace CacheBackup.Local.Files;

/// <summary>
/// Writes a long file from its beginning to its end, and sends it to the disk while it grows: at most two steps of it, 16 MiB, lie in memory that the
/// programs beside us could use. Does not own the file.
/// </summary>
internal sealed class WriteBehindStream(FileStream file) : Stream
{
    private const long StepBytes = 8 * 1024 * 1024;

    private readonly SafeFileHandle _handle = file.SafeFileHandle;
    private long _written;
    private long _sent;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _written;

    public override long Position
    {
        get => _written;
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await file.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        Count(buffer.Length);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        file.Write(buffer, offset, count);
        Count(count);
    }

    public override void Flush() => file.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => file.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Count(int bytes)
    {
        _written += bytes;
        while (_written - _sent >= StepBytes)
        {
            // What the stream above still buffers of the step is sent with the next one.
            PageCache.StartWriting(_handle, _sent, StepBytes);
            if (_sent >= StepBytes)
            {
                PageCache.Release(_handle, _sent - StepBytes, StepBytes);
            }

            _sent += StepBytes;
        }
    }
}
