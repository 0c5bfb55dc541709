using CacheBackup.Core.Catalog;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Takes the files of one restore out of the exchange bucket again, however it ended; what this misses expires there after 7 days. No
/// owner is asked for: nobody else's files are under this restore's prefix.
/// </summary>
public sealed class RemoveStagedFiles(ServiceParts parts)
{
    /// <returns>How many files were removed.</returns>
    public async Task<int> RunAsync(RestoreJob job, CancellationToken cancellationToken)
    {
        IObjectStore exchange = StagedFiles.Exchange(parts, job);
        string prefix = CatalogKeys.Staged(job.Cache, job.Generation);
        int removed = 0;
        await foreach (ObjectSummary file in exchange.ListAsync(prefix, null, cancellationToken))
        {
            await exchange.DeleteAsync(file.Key, cancellationToken);
            removed++;
        }

        return removed;
    }
}
