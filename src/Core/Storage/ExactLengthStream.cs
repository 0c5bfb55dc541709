namespace CacheBackup.Core.Storage;

/// <summary>
/// The body of an object being read: yields exactly the promised number of bytes, or throws <see cref="StoreUnavailableException"/>
/// with the offset that was reached. Owns the stream beneath.
/// </summary>
public class ExactLengthStream(Stream inner, long lengthBytes, ObjectKey key) : Stream
{
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => lengthBytes;

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int wanted = (int)Math.Min(buffer.Length, lengthBytes - _read);
        if (wanted == 0)
        {
            return 0;
        }

        try
        {
            int read = Count(await ReadInnerAsync(inner, buffer[..wanted], cancellationToken));
            if (_read == lengthBytes)
            {
                await FinishAsync(inner, cancellationToken);
            }

            return read;
        }
        catch (Exception failure) when (IsBrokenOff(failure))
        {
            throw BrokenOff(failure);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        int wanted = (int)Math.Min(buffer.Length, lengthBytes - _read);
        if (wanted == 0)
        {
            return 0;
        }

        try
        {
            int read = Count(inner.Read(buffer[..wanted]));
            if (_read == lengthBytes)
            {
                Finish(inner);
            }

            return read;
        }
        catch (Exception failure) when (IsBrokenOff(failure))
        {
            throw BrokenOff(failure);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether a failure of the stream beneath means that the store broke off.</summary>
    protected virtual bool IsBrokenOff(Exception failure) => failure is IOException;

    /// <summary>One read of the stream beneath; a store that can stall limits its time here.</summary>
    protected virtual ValueTask<int> ReadInnerAsync(Stream source, Memory<byte> buffer, CancellationToken cancellationToken) =>
        source.ReadAsync(buffer, cancellationToken);

    /// <summary>Called once the last byte is read and before it is given out: what a store checks at the end, it checks here.</summary>
    protected virtual ValueTask FinishAsync(Stream source, CancellationToken cancellationToken)
    {
        Finish(source);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc cref="FinishAsync"/>
    protected virtual void Finish(Stream source)
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Count(int read)
    {
        // The bytes beneath ended, but not ours: a connection that ends early is never the end of the data.
        if (read == 0)
        {
            throw new StoreUnavailableException($"'{key}' ended at byte {_read} of the {lengthBytes} that were promised; read it again.");
        }

        _read += read;
        return read;
    }

    private StoreUnavailableException BrokenOff(Exception failure) =>
        new($"'{key}' broke off at byte {_read} of {lengthBytes}; read it again.", failure);
}
