using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Reserves the new cache's name, notes on the backup that it is in use, and starts the restore machine. A restore never goes into a
/// cache that exists.
/// </summary>
public sealed class StartRestore(ServiceParts parts)
{
    /// <exception cref="InvalidRequestException">A tag breaks a rule.</exception>
    /// <exception cref="NotFoundException">No such backup.</exception>
    /// <exception cref="BackupNotRestorableException">The backup is not available.</exception>
    /// <exception cref="CatalogConflictException">There is a cache of that name.</exception>
    public async Task<Cache> RunAsync(StartRestoreRequest request, CancellationToken cancellationToken)
    {
        TagRules.Check(request.Tags ?? []);
        Backup backup = await parts.Catalog.Backups.GetAsync(request.Backup, cancellationToken);
        RefuseUnavailable(backup);
        await RefuseExistingAsync(request, cancellationToken);

        DateTimeOffset now = parts.Time.GetUtcNow();
        long generation = Generations.After(0, now);
        ExecutionId execution = parts.Executions.IdOf(StateMachines.Restore, $"{request.Cache}-{generation}");
        RestoreJob job = new(execution, request.Backup, request.Cache, generation);
        Cache fresh = new()
        {
            Name = request.Cache,
            Status = CacheStatus.Creating,
            CreatedAt = now,
            Tags = request.Tags ?? backup.Tags,
            Generation = generation,
            Restoration = new CacheRestoration { Backup = backup.Name, BackupId = backup.Id, Target = request.Target },
            Operation = new CacheOperation
            {
                Kind = OperationKind.Restore,
                Execution = execution,
                Generation = generation,
                StartedAt = now,
                Backup = backup.Name,
            },
        };

        await NewCaches.ReserveAsync(parts.Catalog, fresh, cancellationToken);
        try
        {
            await UseAsync(job, backup.Id, now, cancellationToken);
            await parts.Executions.StartAsync(
                execution, JsonSerializer.SerializeToUtf8Bytes(job, OperationsJson.Default.RestoreJob), cancellationToken);
            return fresh;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            using CancellationTokenSource cleanup = new(AbandonBackup.TimeLimit, parts.Time);
            await new AbandonRestore(parts).RunAsync(job, new FailureCause(e.GetType().Name, e.Message), cleanup.Token);
            throw;
        }
    }

    private Task<Backup> UseAsync(RestoreJob job, BackupId id, DateTimeOffset now, CancellationToken cancellationToken) =>
        parts.Catalog.Backups.ChangeAsync(
            job.Backup,
            current =>
            {
                RefuseUnavailable(current);
                return current.Id == id
                    ? current with { Uses = [.. current.Uses, new BackupUse(UseKind.Restore, job.Execution, now)] }
                    : throw new CatalogConflictException($"Backup {job.Backup} was replaced by another of that name. Look at it again.");
            },
            cancellationToken);

    private async Task RefuseExistingAsync(StartRestoreRequest request, CancellationToken cancellationToken)
    {
        Cache? existing = (await parts.Catalog.Caches.FindAsync(request.Cache, cancellationToken))?.Document;
        if (existing is { Status: not CacheStatus.CreateFailed } or { Restoration: not null })
        {
            throw new CatalogConflictException(
                $"There is a cache named {request.Cache} already ({Text.Of(existing.Status)}), and a restore never writes into one that exists. "
                + "Restore into a new name, compare, and move your endpoint there; or remove the old one first.");
        }
    }

    private static void RefuseUnavailable(Backup backup)
    {
        if (backup.Status != BackupStatus.Available)
        {
            throw new BackupNotRestorableException(
                $"Backup {backup.Name} is {Text.Of(backup.Status)}; only an available backup can be restored."
                + (backup.StatusReason is { } reason ? $" {reason}" : string.Empty));
        }
    }
}
