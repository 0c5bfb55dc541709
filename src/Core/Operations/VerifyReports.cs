using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>What the shards of one verification have shown, until it is written into the backup's record.</summary>
internal static class VerifyReports
{
    public static Task WriteAsync(
        IObjectStore store, BackupId id, VerifyJob job, int shard, VerifyReport report, CancellationToken cancellationToken) => store.PutAsync(
            CatalogKeys.VerifyReport(id, job.Generation, shard),
            JsonSerializer.SerializeToUtf8Bytes(report, CatalogJson.Default.VerifyReport),
            WriteCondition.None,
            cancellationToken);

    /// <exception cref="CatalogConflictException">The shard has no report: it was never read whole.</exception>
    public static async Task<VerifyReport> ReadAsync(
        IObjectStore store, BackupId id, VerifyJob job, int shard, CancellationToken cancellationToken)
    {
        ObjectKey key = CatalogKeys.VerifyReport(id, job.Generation, shard);
        try
        {
            await using ObjectContent content = await store.GetAsync(key, null, cancellationToken);
            return await JsonSerializer.DeserializeAsync(content.Stream, CatalogJson.Default.VerifyReport, cancellationToken)
                ?? throw new CatalogUnreadableException($"{key} is not a report.");
        }
        catch (ObjectNotFoundException e)
        {
            throw new CatalogConflictException($"Shard {shard} of backup {job.Backup} was not verified: there is no verdict without it.", e);
        }
    }

    /// <summary>Removes the reports and the progress of a verification that is over.</summary>
    public static async Task RemoveAsync(IObjectStore store, BackupId id, VerifyJob job, CancellationToken cancellationToken)
    {
        foreach (string prefix in new[] { CatalogKeys.VerifyReports(id, job.Generation), CatalogKeys.VerifyProgress(id, job.Generation) })
        {
            await foreach (ObjectSummary summary in store.ListAsync(prefix, null, cancellationToken))
            {
                await store.DeleteAsync(summary.Key, cancellationToken);
            }
        }
    }
}
