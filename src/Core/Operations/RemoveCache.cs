using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Removes a cache: a server that a restore made is stopped and its directory goes; a user's own endpoint is only forgotten. Backups
/// stay.
/// </summary>
public sealed class RemoveCache(ServiceParts parts)
{
    /// <exception cref="NotFoundException">No such cache.</exception>
    /// <exception cref="CatalogConflictException">Another operation holds the cache.</exception>
    public async Task<Cache> StartAsync(CacheName name, CancellationToken cancellationToken)
    {
        Cache before = await parts.Catalog.Caches.GetAsync(name, cancellationToken);
        DateTimeOffset now = parts.Time.GetUtcNow();
        long generation = Generations.After(before.Generation, now);
        ExecutionId execution = parts.Executions.IdOf(StateMachines.RemoveCache, $"{name}-{generation}");
        CacheOperation operation = new() { Kind = OperationKind.Delete, Execution = execution, Generation = generation, StartedAt = now };
        Cache cache = await CacheLease.TakeAsync(parts.Catalog, name, operation, CacheStatus.Deleting, cancellationToken);

        CacheJob job = new(execution, name, generation);
        try
        {
            await parts.Events.PublishAsync(
                BackupEvent.Of(EventCode.CacheRemoving, now, $"Cache {name} is being removed.", name, null, execution), cancellationToken);
            await parts.Executions.StartAsync(
                execution, JsonSerializer.SerializeToUtf8Bytes(job, OperationsJson.Default.CacheJob), cancellationToken);
            return cache;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            using CancellationTokenSource cleanup = new(AbandonBackup.TimeLimit, parts.Time);
            await AbandonAsync(job, new FailureCause(e.GetType().Name, e.Message), cleanup.Token);
            throw;
        }
    }

    /// <summary>Stops the server and removes its data, where a restore made it.</summary>
    public async Task RemoveServerAsync(CacheJob job, CancellationToken cancellationToken)
    {
        if (await OwnedAsync(job, cancellationToken) is { Restoration: not null })
        {
            await parts.Provisioner.RemoveAsync(job.Cache, cancellationToken);
        }
    }

    /// <summary>Removes the reports of the cache's restores, then its record.</summary>
    public async Task RemoveRecordAsync(CacheJob job, CancellationToken cancellationToken)
    {
        if (await OwnedAsync(job, cancellationToken) is not { } cache)
        {
            return;
        }

        foreach (string prefix in new[] { CatalogKeys.Restores(job.Cache), CatalogKeys.RestoresProgress(job.Cache) })
        {
            await foreach (ObjectSummary summary in parts.Store.ListAsync(prefix, null, cancellationToken))
            {
                await parts.Store.DeleteAsync(summary.Key, cancellationToken);
            }
        }

        // Told before the record goes: afterwards nobody could repeat it.
        await parts.Events.PublishAsync(
            BackupEvent.Of(
                EventCode.CacheRemoved, cache.Operation!.StartedAt, $"Cache {job.Cache} was removed; its backups stay.", job.Cache, null, job.Execution),
            cancellationToken);
        await parts.Catalog.Caches.RemoveAsync(job.Cache, cancellationToken);
    }

    /// <summary>Gives the cache back as <c>deleting</c> with the reason: it can be removed again.</summary>
    public Task AbandonAsync(CacheJob job, FailureCause failure, CancellationToken cancellationToken) => CacheLease.ReleaseAsync(
        parts,
        job.Cache,
        job.Execution,
        job.Generation,
        c => c with { StatusReason = $"{failure.ToReason()} Remove it again." },
        (EventCode.CacheRemoveFailed, $"Cache {job.Cache} could not be removed. {failure.ToReason()}"),
        cancellationToken);

    private async Task<Cache?> OwnedAsync(CacheJob job, CancellationToken cancellationToken)
    {
        Cache? cache = (await parts.Catalog.Caches.FindAsync(job.Cache, cancellationToken))?.Document;
        if (cache is not null)
        {
            Ownership.Check(cache, job.Execution, job.Generation);
        }

        return cache;
    }
}
