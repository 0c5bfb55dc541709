using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>The backup machine's first step: sees that the records are still this execution's, and plans the shards.</summary>
public sealed class BeginBackup(ServiceParts parts)
{
    /// <returns>The numbers of the shards to take, in order.</returns>
    /// <exception cref="NoLongerOwnerException">Cache or backup belong to another execution.</exception>
    public async Task<IReadOnlyList<int>> RunAsync(BackupJob job, CancellationToken cancellationToken)
    {
        Cache cache = await parts.Catalog.Caches.GetAsync(job.Cache, cancellationToken);
        Ownership.Check(cache, job.Execution, job.Generation);
        Backup backup = await parts.Catalog.Backups.GetAsync(job.Backup, cancellationToken);
        Ownership.Check(backup, job.Execution, job.Generation);
        return [.. cache.Shards.Select(s => s.Number)];
    }
}
