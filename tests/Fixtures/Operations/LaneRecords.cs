using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Storage;

namespace CacheBackup.Fixtures.Operations;

/// <summary>What a restore of one lane with one range has written, without the restore.</summary>
public static class LaneRecords
{
    public static Task PlanAsync(IObjectStore store, RestoreJob job)
    {
        RestoreLanePlan plan = new() { Lanes = [[new WorkRange(1, 0, 0, 1)]] };
        return store.PutAsync(
            CatalogKeys.RestorePlan(job.Cache, job.Generation),
            JsonSerializer.SerializeToUtf8Bytes(plan, CatalogJson.Default.RestoreLanePlan),
            WriteCondition.None,
            default);
    }

    /// <summary>The plan, and the record of its lane: so many keys compared, all equal.</summary>
    public static async Task ReportAsync(IObjectStore store, RestoreJob job, long keys)
    {
        await PlanAsync(store, job);
        RestoreLaneRecord record = RestoreLaneRecord.Begin with
        {
            Restored = 1,
            Compared = 1,
            Report = CompareReport.Empty with { Compared = keys, Equal = keys },
        };
        await store.PutAsync(
            CatalogKeys.RestoreLane(job.Cache, job.Generation, 0),
            JsonSerializer.SerializeToUtf8Bytes(record, CatalogJson.Default.RestoreLaneRecord),
            WriteCondition.None,
            default);
    }
}
