using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Catalog;

/// <summary>Housekeeping of the records of requests.</summary>
public static class RequestRecords
{
    /// <summary>Removes the records that were last written more than a day ago: their keys stand for nothing any more.</summary>
    /// <param name="most">How many at most; the others go at the next call.</param>
    /// <returns>How many objects went.</returns>
    public static async Task<int> ExpireAsync(IObjectStore store, DateTimeOffset now, int most, CancellationToken cancellationToken)
    {
        int removed = 0;
        await foreach (ObjectSummary summary in store.ListAsync(CatalogKeys.Requests, null, cancellationToken))
        {
            if (summary.WrittenAt < now - RequestRecord.Kept && removed < most)
            {
                await store.DeleteAsync(summary.Key, cancellationToken);
                removed++;
            }
        }

        return removed;
    }
}
