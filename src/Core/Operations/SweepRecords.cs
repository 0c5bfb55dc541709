using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>The checkpoints of sweeps, one object a week, changed by conditional writes only.</summary>
internal static class SweepRecords
{
    /// <summary>Null: there is none of that week.</summary>
    public static async Task<(VerifySweep Sweep, ObjectTag Tag)?> FindAsync(IObjectStore store, string week, CancellationToken cancellationToken)
    {
        try
        {
            ObjectKey key = CatalogKeys.Sweep(week);
            await using ObjectContent content = await store.GetAsync(key, null, cancellationToken);
            VerifySweep sweep = await JsonSerializer.DeserializeAsync(content.Stream, CatalogJson.Default.VerifySweep, cancellationToken)
                ?? throw new CatalogUnreadableException($"{key} is not a sweep.");
            return (sweep, content.Tag);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
        catch (JsonException e)
        {
            throw new CatalogUnreadableException($"{CatalogKeys.Sweep(week)} is not a sweep. Remove it: the week's sweep begins anew.", e);
        }
    }

    /// <exception cref="NoLongerOwnerException">Another execution goes on with the sweep, or there is none.</exception>
    public static async Task<(VerifySweep Sweep, ObjectTag Tag)> ReadAsync(
        IObjectStore store, VerifySweepJob job, CancellationToken cancellationToken) =>
        await FindAsync(store, job.Week, cancellationToken) is { } found && found.Sweep.Execution == job.Execution
            ? found
            : throw new NoLongerOwnerException($"The sweep of week {job.Week} is no longer that of execution {job.Execution}.");

    /// <param name="condition">The tag that the sweep was read with; absent for a new one.</param>
    /// <exception cref="StoreUnavailableException">Another attempt of the same step was faster: this one is to be repeated on what it wrote.</exception>
    public static async Task WriteAsync(IObjectStore store, VerifySweep sweep, WriteCondition condition, CancellationToken cancellationToken)
    {
        try
        {
            await store.PutAsync(
                CatalogKeys.Sweep(sweep.Week),
                JsonSerializer.SerializeToUtf8Bytes(sweep, CatalogJson.Default.VerifySweep),
                condition,
                cancellationToken);
        }
        catch (PreconditionFailedException e)
        {
            throw new StoreUnavailableException($"The sweep of week {sweep.Week} was changed by another attempt at the same time. Try again.", e);
        }
    }
}
