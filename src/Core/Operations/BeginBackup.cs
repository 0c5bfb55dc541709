using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>The backup machine's first step: sees that the records are still this execution's, and plans how the backup is taken.</summary>
public sealed class BeginBackup(ServiceParts parts)
{
    /// <exception cref="NoLongerOwnerException">Cache or backup belong to another execution.</exception>
    public async Task<BackupWorkPlan> RunAsync(BackupJob job, CancellationToken cancellationToken)
    {
        Cache cache = await parts.Catalog.Caches.GetAsync(job.Cache, cancellationToken);
        Ownership.Check(cache, job.Execution, job.Generation);
        Backup backup = await parts.Catalog.Backups.GetAsync(job.Backup, cancellationToken);
        Ownership.Check(backup, job.Execution, job.Generation);
        return cache switch
        {
            { BackupMethod: BackupMethod.Native } => new BackupWorkPlan([], BackupMethod.Native),
            { Topology: CacheTopology.ClusterEnabled } => new BackupWorkPlan([], cache.BackupMethod),
            _ => new BackupWorkPlan([.. cache.Shards.Select(s => s.Number)], cache.BackupMethod),
        };
    }
}
