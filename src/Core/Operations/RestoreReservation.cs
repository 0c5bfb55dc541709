using System.Text.Json;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Reserves a new cache's name, notes on the backup that it is in use, and starts the machine that restores.</summary>
internal sealed class RestoreReservation(ServiceParts parts, RestorePurpose purpose)
{
    /// <exception cref="CatalogConflictException">There is a cache of that name, or the backup was replaced.</exception>
    public async Task<Cache> StartAsync(StartRestoreRequest request, Backup backup, CancellationToken cancellationToken)
    {
        DateTimeOffset now = parts.Time.GetUtcNow();
        long generation = Generations.After(0, now);
        ExecutionId execution = parts.Executions.IdOf(purpose.Machine, $"{request.Cache}-{generation}");
        RestoreJob job = new(execution, request.Backup, request.Cache, generation);
        Cache fresh = new()
        {
            Name = request.Cache,
            Status = CacheStatus.Creating,
            CreatedAt = now,
            Tags = request.Tags ?? backup.Tags,
            Generation = generation,
            Restoration = new CacheRestoration
            {
                Backup = backup.Name,
                BackupId = backup.Id,
                Target = request.Target,
                Selection = request.Selection,
                Rate = request.Rate,
            },
            Operation = new CacheOperation
            {
                Kind = purpose.Operation,
                Execution = execution,
                Generation = generation,
                StartedAt = now,
                Backup = backup.Name,
            },
        };

        await NewCaches.ReserveAsync(parts.Catalog, fresh, cancellationToken);
        try
        {
            await UseAsync(job, backup.Id, request.Target, now, cancellationToken);
            if (purpose == RestorePurpose.NewCache)
            {
                await RestoreEvents.StartedAsync(parts, job, now, cancellationToken);
            }

            await parts.Executions.StartAsync(
                execution, JsonSerializer.SerializeToUtf8Bytes(job, OperationsJson.Default.RestoreJob), cancellationToken);
            return fresh;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            using CancellationTokenSource cleanup = new(AbandonBackup.TimeLimit, parts.Time);
            await purpose.AbandonAsync(parts, job, new FailureCause(e.GetType().Name, e.Message), cleanup.Token);
            throw;
        }
    }

    private Task<Backup> UseAsync(
        RestoreJob job, BackupId id, RestoreTargetSpec target, DateTimeOffset now, CancellationToken cancellationToken) =>
        parts.Catalog.Backups.ChangeAsync(
            job.Backup,
            current =>
            {
                RestorableStatus.Require(current, target);
                return current.Id == id
                    ? current with { Uses = [.. current.Uses, new BackupUse(purpose.Use, job.Execution, now)] }
                    : throw new CatalogConflictException($"Backup {job.Backup} was replaced by another of that name. Look at it again.");
            },
            cancellationToken);
}
