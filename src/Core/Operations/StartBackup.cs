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
    /// <exception cref="BackupQuotaExceededException">The cache has had its manual backups for 24 hours.</exception>
    public async Task<Backup> RunAsync(StartBackupRequest request, CancellationToken cancellationToken)
    {
        TagRules.Check(request.Tags ?? []);
        Cache cache = await parts.Catalog.Caches.GetAsync(request.Cache, cancellationToken);
        if (request.Kind == BackupKind.Manual && parts.Quotas is { } quotas)
        {
            await quotas.CheckAsync(parts, cache, cancellationToken);
        }

        Backup? previous = (await parts.Catalog.Backups.FindAsync(request.Name, cancellationToken))?.Document;
        NewBackups.RefuseTaken(previous);

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
            Backup reserved = await NewBackups.BeginAsync(parts, request, cache, job, now, cancellationToken);
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
}
