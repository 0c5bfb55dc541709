using System.IO.Pipelines;

namespace CacheBackup.Caches.Memcached;

/// <summary>Takes whole records from several readers of items into one stream, in whatever order they come.</summary>
internal sealed class ItemSink(PipeWriter pipe) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _bytes;

    /// <summary>Taken so far.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Writes records that are whole.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> records, CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await AppendAsync(records, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            End();
        }
    }

    /// <summary>Begins a record that comes in pieces; nobody else's come in between.</summary>
    public Task BeginAsync(CancellationToken cancellationToken) => _turn.WaitAsync(cancellationToken);

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        Interlocked.Add(ref _bytes, piece.Length);
        FlushResult flushed = await pipe.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
        if (flushed.IsCompleted)
        {
            throw new OperationCanceledException("The stream's reader has left.");
        }
    }

    public void End() => _turn.Release();

    public void Dispose() => _turn.Dispose();
}
