using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Removes a cache: a server that a restore made is stopped and its directory goes, a cache that a restore made in ElastiCache is deleted
/// there where that is allowed; what a user registered is only forgotten. Backups stay, save the automatic ones, which the purge removes.
/// </summary>
public sealed class RemoveCache(ServiceParts parts)
{
    /// <summary>Removes a cache without a final backup.</summary>
    public Task<Cache> StartAsync(CacheName name, CancellationToken cancellationToken) => StartAsync(name, finalBackup: null, cancellationToken);

    /// <param name="name">The cache.</param>
    /// <param name="finalBackup">
    /// Taken, published and read back before anything of the cache goes; where any of that fails the cache stays available. Null: none.
    /// </param>
    /// <exception cref="NotFoundException">No such cache.</exception>
    /// <exception cref="CatalogConflictException">Another operation holds the cache, or the backup's name is taken.</exception>
    /// <exception cref="Buckets.TargetNotConfiguredException">A restore made it in ElastiCache, and caches may not be deleted there.</exception>
    public Task<Cache> StartAsync(CacheName name, BackupName? finalBackup, CancellationToken cancellationToken) =>
        StartAsync(name, finalBackup, forgetOnly: false, cancellationToken);

    /// <param name="forgetOnly">What a restore made in ElastiCache stays there; only our record of it goes.</param>
    public async Task<Cache> StartAsync(CacheName name, BackupName? finalBackup, bool forgetOnly, CancellationToken cancellationToken)
    {
        Cache before = await parts.Catalog.Caches.GetAsync(name, cancellationToken);
        if (!forgetOnly && ManagedRemoval.Goes(parts, before))
        {
            ManagedRemoval.RequireAllowed(parts, before);
        }

        Backup? previous = finalBackup is { } taken ? (await parts.Catalog.Backups.FindAsync(taken, cancellationToken))?.Document : null;
        NewBackups.RefuseTaken(previous);
        DateTimeOffset now = parts.Time.GetUtcNow();
        long generation = Generations.After(Math.Max(before.Generation, previous?.Generation ?? 0), now);
        ExecutionId execution = parts.Executions.IdOf(StateMachines.RemoveCache, $"{name}-{generation}");
        CacheOperation operation = new()
        {
            Kind = OperationKind.Delete,
            Execution = execution,
            Generation = generation,
            StartedAt = now,
            Backup = finalBackup,
            ForgetOnly = forgetOnly ? true : null,
        };
        CacheStatus meanwhile = finalBackup is null ? CacheStatus.Deleting : CacheStatus.Snapshotting;
        Cache cache = await CacheLease.TakeAsync(parts.Catalog, name, operation, meanwhile, cancellationToken);

        CacheJob job = new(execution, name, generation);
        try
        {
            await parts.Executions.StartAsync(execution, await InputAsync(cache, job, finalBackup, now, cancellationToken), cancellationToken);
            return cache;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            using CancellationTokenSource cleanup = new(AbandonBackup.TimeLimit, parts.Time);
            await AbandonAsync(job, new FailureCause(e.GetType().Name, e.Message), cleanup.Token);
            throw;
        }
    }

    /// <summary>
    /// The final backup is published and was read back: from here on the cache is <c>deleting</c>. Nothing of it goes before this write.
    /// </summary>
    /// <exception cref="CatalogConflictException">The backup is not there.</exception>
    /// <exception cref="NoLongerOwnerException">The removal was abandoned.</exception>
    public async Task BeginAsync(BackupJob job, CancellationToken cancellationToken)
    {
        Backup backup = await parts.Catalog.Backups.GetAsync(job.Backup, cancellationToken);
        VerifyFinalBackup.RequirePublished(backup, job);
        await parts.Events.PublishAsync(
            BackupEvent.Of(
                EventCode.BackupVerified,
                backup.CompletedAt ?? backup.CreatedAt,
                $"Final backup {job.Backup} was read back: every digest is as recorded.",
                job.Cache,
                job.Backup,
                job.Execution),
            cancellationToken);
        Cache cache = await parts.Catalog.Caches.ChangeAsync(
            job.Cache,
            current =>
            {
                Ownership.Check(current, job.Execution, job.Generation);
                return current.Status == CacheStatus.Deleting ? current : current with { Status = CacheStatus.Deleting };
            },
            cancellationToken);
        await TellRemovingAsync(cache.Name, job.Execution, cache.Operation!.StartedAt, cancellationToken);
    }

    /// <summary>Stops the server and removes its data, where a restore made it.</summary>
    public Task<ServerRemoval> RemoveServerAsync(CacheJob job, CancellationToken cancellationToken) =>
        RemoveServerAsync(job, refusal: null, cancellationToken);

    /// <param name="refusal">What ElastiCache answered when it was asked to delete the cache; null: it was not asked, or accepted.</param>
    /// <returns>What is still to be done: a cache of ElastiCache's is deleted by the machine, and looked at until it is gone.</returns>
    /// <exception cref="CatalogConflictException">It does not carry our tag, or its final backup is not proven.</exception>
    /// <exception cref="ManagedDeleteFailedException">ElastiCache does not delete it.</exception>
    public async Task<ServerRemoval> RemoveServerAsync(CacheJob job, FailureCause? refusal, CancellationToken cancellationToken)
    {
        Cache? cache = await OwnedAsync(job, cancellationToken);
        if (cache is { Status: CacheStatus.Snapshotting })
        {
            throw new CatalogConflictException($"Cache {job.Cache} is {Text.Of(cache.Status)}: its final backup was not proven yet.");
        }

        if (cache is { Restoration.Target.Kind: RestoreTargetKind.Server })
        {
            await parts.Provisioner.RemoveAsync(job.Cache, cancellationToken);
        }

        return cache is not null && cache.Operation?.ForgetOnly != true && ManagedRemoval.Goes(parts, cache)
            ? await new ManagedRemoval(parts).LookAsync(cache, refusal, cancellationToken)
            : ServerRemoval.Gone;
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

        if (cache.AutomaticBackups is not null)
        {
            // Automatic backups go with their cache; those of a record that was only lost must not.
            await parts.Store.PutAsync(CatalogKeys.RemovedCache(job.Cache), Array.Empty<byte>(), WriteCondition.None, cancellationToken);
        }

        // Told before the record goes: afterwards nobody could repeat it.
        await parts.Events.PublishAsync(
            BackupEvent.Of(
                EventCode.CacheRemoved, cache.Operation!.StartedAt, $"Cache {job.Cache} was removed; its backups stay, save the automatic ones.", job.Cache, null, job.Execution),
            cancellationToken);
        await parts.Catalog.Caches.RemoveAsync(job.Cache, current => current.IsHeldBy(job.Execution, job.Generation), cancellationToken);
    }

    /// <summary>
    /// Gives the cache back: as <c>available</c> where its final backup failed, else as <c>deleting</c>, to be removed again; with the reason.
    /// </summary>
    public async Task AbandonAsync(CacheJob job, FailureCause failure, CancellationToken cancellationToken)
    {
        Cache? cache = (await parts.Catalog.Caches.FindAsync(job.Cache, cancellationToken))?.Document;
        if (cache is { Status: CacheStatus.Snapshotting, Operation.Backup: { } backup } && cache.IsHeldBy(job.Execution, job.Generation))
        {
            await new AbandonBackup(parts).RunAsync(new BackupJob(job.Execution, backup, job.Cache, job.Generation), failure, cancellationToken);
            string reason = $"It was not removed, since its final backup {backup} was not taken and proven. {failure.ToReason()}";
            await ReleaseAsync(job, c => c with { Status = CacheStatus.Available, StatusReason = reason }, $"Cache {job.Cache}: {reason}", cancellationToken);
            return;
        }

        await ReleaseAsync(
            job,
            c => c with { StatusReason = $"{failure.ToReason()} Remove it again." },
            $"Cache {job.Cache} could not be removed. {failure.ToReason()}",
            cancellationToken);
    }

    private Task ReleaseAsync(CacheJob job, Func<Cache, Cache> end, string message, CancellationToken cancellationToken) => CacheLease.ReleaseAsync(
        parts, job.Cache, job.Execution, job.Generation, end, (EventCode.CacheRemoveFailed, message), cancellationToken);

    /// <summary>Reserves the final backup, where there is to be one; the machine's input.</summary>
    private async Task<byte[]> InputAsync(
        Cache cache, CacheJob job, BackupName? finalBackup, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (finalBackup is not { } name)
        {
            await TellRemovingAsync(job.Cache, job.Execution, now, cancellationToken);
            return JsonSerializer.SerializeToUtf8Bytes(job, OperationsJson.Default.CacheJob);
        }

        BackupJob backup = new(job.Execution, name, job.Cache, job.Generation);
        StartBackupRequest request = new(name, job.Cache, BackupKind.Final);
        await NewBackups.BeginAsync(parts, request, cache, backup, now, cancellationToken);
        return JsonSerializer.SerializeToUtf8Bytes(backup, OperationsJson.Default.BackupJob);
    }

    private Task TellRemovingAsync(CacheName name, ExecutionId execution, DateTimeOffset since, CancellationToken cancellationToken) =>
        parts.Events.PublishAsync(
            BackupEvent.Of(EventCode.CacheRemoving, since, $"Cache {name} is being removed.", name, null, execution), cancellationToken);

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
