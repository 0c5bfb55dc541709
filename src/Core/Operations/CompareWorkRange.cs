using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>Reads one range back from the target, compares every key, and writes the report.</summary>
public sealed class CompareWorkRange(ServiceParts parts)
{
    /// <exception cref="RestoreMismatchException">A key is missing, or differs in type, value or expiry.</exception>
    public async Task<CompareReport> RunAsync(RestoreJob job, WorkRange range, CancellationToken cancellationToken)
    {
        RestoreRecords records = await RestoreRecords.ReadAsync(parts.Catalog, job, cancellationToken);
        IObjectStore store = parts.StoreOf(records.Backup);
        ShardManifest shard = records.Backup.Shards.Single(s => s.Number == range.Shard);
        SegmentIndex index = await SegmentIndexes.ReadAsync(store, shard, cancellationToken);
        await using IRestoreTarget target = await parts.Caches.ConnectTargetAsync(records.Address, cancellationToken);
        CompareRun run = new(store, parts.Time);
        CompareReport report = await run.RunAsync(
            records.RangeOf(shard, index, range), target, null, cancellationToken);
        report.ThrowIfDifferent();
        await parts.Store.PutAsync(
            CatalogKeys.RangeReport(job.Cache, job.Generation, range.Number),
            JsonSerializer.SerializeToUtf8Bytes(report, CatalogJson.Default.CompareReport),
            WriteCondition.None,
            cancellationToken);
        if (records.Cache.Operation!.Kind == OperationKind.Restore)
        {
            await RestoreEvents.ProgressAsync(parts, job, range.Number, report.Compared, cancellationToken);
        }

        return report;
    }
}
