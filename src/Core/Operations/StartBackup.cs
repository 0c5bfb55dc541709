using System.Text.Json;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Checks, takes the cache's operation, reserves the backup's name, and starts the backup machine. A crash after any of these leaves
/// records that name an execution which never started: <see cref="RecoverOperations"/> gives them back.
/// </summary>
public sealed class StartBackup(ServiceParts parts)
{
    /// <exception cref="InvalidRequestException">A tag breaks a rule.</exception>
    /// <exception cref="NotFoundException">No such cache.</exception>
    /// <exception cref="CatalogConflictException">The name is taken, or the cache is not available.</exception>
    public async Task<Backup> RunAsync(StartBackupRequest request, CancellationToken cancellationToken)
    {
        TagRules.Check(request.Tags ?? []);
        Cache cache = await parts.Catalog.Caches.GetAsync(request.Cache, cancellationToken);
        Backup? previous = (await parts.Catalog.Backups.FindAsync(request.Name, cancellationToken))?.Document;
        RefuseTaken(previous);

        DateTimeOffset now = parts.Time.GetUtcNow();
        long generation = Generations.After(Math.Max(previous?.Generation ?? 0, cache.Generation), now);
        ExecutionId execution = parts.Executions.IdOf(StateMachines.Backup, $"{request.Name}-{generation}");
        BackupJob job = new(execution, request.Name, request.Cache, generation);
        CacheOperation operation = new()
        {
            Kind = OperationKind.Backup,
            Execution = execution,
            Generation = generation,
            StartedAt = now,
            Backup = request.Name,
        };

        cache = await CacheLease.TakeAsync(parts.Catalog, request.Cache, operation, CacheStatus.Snapshotting, cancellationToken);
        try
        {
            Backup reserved = await ReserveAsync(request, cache, job, now, cancellationToken);
            await parts.Events.PublishAsync(
                BackupEvent.Of(EventCode.BackupCreating, now, $"Backup {job.Backup} of cache {job.Cache} has begun.", job.Cache, job.Backup, execution),
                cancellationToken);
            await parts.Executions.StartAsync(
                execution, JsonSerializer.SerializeToUtf8Bytes(job, OperationsJson.Default.BackupJob), cancellationToken);
            return reserved;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            using CancellationTokenSource cleanup = new(AbandonBackup.TimeLimit, parts.Time);
            await new AbandonBackup(parts).RunAsync(job, new FailureCause(e.GetType().Name, e.Message), cleanup.Token);
            throw;
        }
    }

    private async Task<Backup> ReserveAsync(
        StartBackupRequest request, Cache cache, BackupJob job, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Backup fresh = new()
        {
            Name = request.Name,
            Id = new BackupId(parts.Ids.Next()),
            Kind = request.Kind,
            Status = BackupStatus.Creating,
            Cache = request.Cache,
            Execution = job.Execution,
            Generation = job.Generation,
            CreatedAt = now,
            Tags = request.Tags ?? cache.Tags,
        };
        if (await parts.Catalog.Backups.TryCreateAsync(request.Name, fresh, cancellationToken))
        {
            return fresh;
        }

        return await parts.Catalog.Backups.ChangeAsync(
            request.Name,
            current =>
            {
                RefuseTaken(current);
                return fresh with { Unknown = current.Unknown };
            },
            cancellationToken);
    }

    private static void RefuseTaken(Backup? existing)
    {
        if (existing is not null && existing.Status != BackupStatus.Failed)
        {
            throw new CatalogConflictException(
                $"There is a backup named {existing.Name} already ({Text.Of(existing.Status)}). Choose another name, or delete it first.");
        }
    }
}
