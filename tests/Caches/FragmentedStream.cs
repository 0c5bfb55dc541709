namespace CacheBackup.Caches.Tests;

/// <summary>A connection whose reads return exactly the given fragments, one each; then it ends, fails or falls silent.</summary>
internal sealed class FragmentedStream(IEnumerable<ReadOnlyMemory<byte>> fragments, FragmentedStream.Ending ending) : Stream
{
    private readonly Queue<ReadOnlyMemory<byte>> _fragments = new(fragments);
    private readonly MemoryStream _written = new();

    internal enum Ending
    {
        Close,
        Reset,
        Silence,
    }

    /// <summary>What the connection sent.</summary>
    public byte[] Written => _written.ToArray();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_fragments.TryPeek(out ReadOnlyMemory<byte> next))
        {
            return ending switch
            {
                Ending.Close => 0,
                Ending.Reset => throw new IOException("Reset."),
                _ => await Silence(cancellationToken),
            };
        }

        int take = Math.Min(next.Length, buffer.Length);
        next[..take].CopyTo(buffer);
        _fragments.Dequeue();
        if (take < next.Length)
        {
            // A read that is too small for the fragment gets its front; the rest stays first in line.
            ReadOnlyMemory<byte>[] others = [.. _fragments];
            _fragments.Clear();
            _fragments.Enqueue(next[take..]);
            Array.ForEach(others, _fragments.Enqueue);
        }

        return take;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _written.WriteAsync(buffer, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => _written.Write(buffer, offset, count);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static async Task<int> Silence(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return 0;
    }
}
