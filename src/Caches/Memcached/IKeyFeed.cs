namespace CacheBackup.Caches.Memcached;

/// <summary>Keys in the order of their list, for one taker at a time.</summary>
internal interface IKeyFeed
{
    /// <summary>Adds the next keys to an empty batch, as many as it takes; waits while there are none and more may come.</summary>
    /// <returns>False: there are no more; the batch is empty.</returns>
    ValueTask<bool> TakeAsync(KeyBatch batch, CancellationToken cancellationToken);
}
