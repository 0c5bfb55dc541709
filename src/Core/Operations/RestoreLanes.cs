using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>The stored plan and lane records of one restore.</summary>
internal sealed class RestoreLanes(IObjectStore store, RestoreJob job)
{
    /// <summary>A lane has one writer, or two where a step was started twice: more attempts than this are somebody who never stops.</summary>
    private const int MaxAttempts = 16;

    /// <summary>Writes the plan, unless there is one: a step that is repeated goes on with the first.</summary>
    /// <returns>The plan that counts.</returns>
    public async Task<RestoreLanePlan> WritePlanAsync(RestoreLanePlan plan, CancellationToken cancellationToken)
    {
        try
        {
            await store.PutAsync(
                PlanKey, JsonSerializer.SerializeToUtf8Bytes(plan, CatalogJson.Default.RestoreLanePlan), WriteCondition.Absent, cancellationToken);
            return plan;
        }
        catch (PreconditionFailedException)
        {
            return await ReadPlanAsync(cancellationToken);
        }
    }

    /// <exception cref="ObjectNotFoundException">The restore was not planned, or its records were removed.</exception>
    public async Task<RestoreLanePlan> ReadPlanAsync(CancellationToken cancellationToken)
    {
        await using ObjectContent content = await store.GetAsync(PlanKey, null, cancellationToken);
        return await ReadAsync(content, PlanKey, CatalogJson.Default.RestoreLanePlan, cancellationToken);
    }

    public async Task<RestoreLaneRecord> ReadAsync(int lane, CancellationToken cancellationToken) => (await FindAsync(lane, cancellationToken)).Record;

    /// <summary>Changes a lane's record, unless another writer has done so meanwhile.</summary>
    /// <param name="isDone">True of a record that needs no change any more.</param>
    /// <param name="advance">The change.</param>
    /// <returns>The record as it is now.</returns>
    /// <exception cref="CatalogUnreadableException">The record is not one.</exception>
    public async Task<RestoreLaneRecord> AdvanceAsync(
        int lane, Func<RestoreLaneRecord, bool> isDone, Func<RestoreLaneRecord, RestoreLaneRecord> advance, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            (RestoreLaneRecord record, ObjectTag? tag) = await FindAsync(lane, cancellationToken);
            if (isDone(record))
            {
                return record;
            }

            RestoreLaneRecord next = advance(record);
            try
            {
                await store.PutAsync(
                    LaneKey(lane),
                    JsonSerializer.SerializeToUtf8Bytes(next, CatalogJson.Default.RestoreLaneRecord),
                    tag is { } known ? WriteCondition.Matches(known) : WriteCondition.Absent,
                    cancellationToken);
                return next;
            }
            catch (PreconditionFailedException) when (attempt < MaxAttempts)
            {
                // Another call of this lane was first, or the acknowledgement of our own write was lost: what is there now says which.
            }
        }
    }

    /// <summary>The reports of all lanes added up, and how many ranges they speak of, of how many.</summary>
    public async Task<(CompareReport Sum, int Compared, int Planned)> SumAsync(CancellationToken cancellationToken)
    {
        RestoreLanePlan plan = await ReadPlanAsync(cancellationToken);
        CompareReport sum = CompareReport.Empty;
        int compared = 0;
        for (int lane = 0; lane < plan.Lanes.Count; lane++)
        {
            RestoreLaneRecord record = await ReadAsync(lane, cancellationToken);
            sum = sum.Plus(record.Report ?? CompareReport.Empty);
            compared += record.Compared;
        }

        return (sum, compared, plan.Lanes.Sum(lane => lane.Count));
    }

    private ObjectKey PlanKey => CatalogKeys.RestorePlan(job.Cache, job.Generation);

    private ObjectKey LaneKey(int lane) => CatalogKeys.RestoreLane(job.Cache, job.Generation, lane);

    private async Task<(RestoreLaneRecord Record, ObjectTag? Tag)> FindAsync(int lane, CancellationToken cancellationToken)
    {
        ObjectKey key = LaneKey(lane);
        try
        {
            await using ObjectContent content = await store.GetAsync(key, null, cancellationToken);
            return (await ReadAsync(content, key, CatalogJson.Default.RestoreLaneRecord, cancellationToken), content.Tag);
        }
        catch (ObjectNotFoundException)
        {
            return (RestoreLaneRecord.Begin, null);
        }
    }

    private static async Task<T> ReadAsync<T>(ObjectContent content, ObjectKey key, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(content.Stream, type, cancellationToken)
                ?? throw new CatalogUnreadableException($"{key} is empty. Remove the new cache and restore again.");
        }
        catch (JsonException e)
        {
            throw new CatalogUnreadableException($"{key} is not a record of a restore. Remove the new cache and restore again.", e);
        }
    }
}
