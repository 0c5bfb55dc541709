using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Memcached;

/// <summary>
/// Gives batches of keys to several readers of items, in turn, until there are no more or the slice is over. Whatever was given is read to its
/// end, so that all keys up to one place of the list are in the file and none behind it.
/// </summary>
internal sealed class KeyTurns(IKeyFeed keys, SliceLimit slice, ItemSink sink) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _given;

    /// <summary>The slice was over before the list was: what follows is left to another.</summary>
    public bool IsLeft { get; private set; }

    /// <summary>Fills a batch with the next keys.</summary>
    /// <returns>False: there are none for this slice; the batch is empty.</returns>
    public async ValueTask<bool> TakeAsync(KeyBatch batch, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // The first batch is given whatever the time: each slice comes further.
            IsLeft |= _given > 0 && slice.IsReached(_given, sink.Bytes);
            batch.Clear(slice.Keys - _given ?? long.MaxValue);
            if (IsLeft || !await keys.TakeAsync(batch, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            _given += batch.Count;
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
