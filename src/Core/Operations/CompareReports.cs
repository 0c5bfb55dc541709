using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>The reports that the ranges of one restore have written.</summary>
internal static class CompareReports
{
    /// <summary>All of them added up.</summary>
    public static async Task<(CompareReport Sum, int Reports)> SumAsync(IObjectStore store, RestoreJob job, CancellationToken cancellationToken)
    {
        CompareReport sum = CompareReport.Empty;
        int reports = 0;
        await foreach (ObjectSummary summary in store.ListAsync(CatalogKeys.Restore(job.Cache, job.Generation), null, cancellationToken))
        {
            await using ObjectContent content = await store.GetAsync(summary.Key, null, cancellationToken);
            CompareReport report = await JsonSerializer.DeserializeAsync(content.Stream, CatalogJson.Default.CompareReport, cancellationToken)
                ?? throw new CatalogUnreadableException($"{summary.Key} is not a report.");
            sum = sum.Plus(report);
            reports++;
        }

        return (sum, reports);
    }
}
