using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Core.Operations;

/// <summary>Reads one shard back and writes what that showed. Repeating it replaces the report.</summary>
public sealed class VerifyShard(ServiceParts parts)
{
    /// <exception cref="NoLongerOwnerException">The verification was abandoned.</exception>
    public async Task RunAsync(VerifyJob job, int shard, CancellationToken cancellationToken)
    {
        Backup backup = await VerifyRecords.ReadAsync(parts.Catalog, job, cancellationToken);
        await using ProgressWriter progress = new(
            parts.Store, CatalogKeys.Progress(CatalogKeys.VerifyProgress(backup.Id, job.Generation), shard), parts.Time);
        VerifyReport report = await new ShardVerification(parts.StoreOf(backup), parts.Time).RunAsync(
            backup.Shards.Single(s => s.Number == shard), progress, cancellationToken);
        await VerifyReports.WriteAsync(parts.Store, backup.Id, job, shard, report, cancellationToken);
    }
}
