using System.Text.Json;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Notes on the backup that it is being verified, which keeps it from being deleted, and starts the verify machine.</summary>
public sealed class StartVerify(ServiceParts parts)
{
    /// <exception cref="NotFoundException">No such backup.</exception>
    /// <exception cref="CatalogConflictException">It is not there to be verified, or is being verified already.</exception>
    public async Task<Backup> RunAsync(BackupName name, CancellationToken cancellationToken)
    {
        Backup before = await parts.Catalog.Backups.GetAsync(name, cancellationToken);
        Refuse(before);
        DateTimeOffset now = parts.Time.GetUtcNow();
        long generation = Generations.After(before.VerifyGeneration, now);
        ExecutionId execution = parts.Executions.IdOf(StateMachines.Verify, $"{name}-{generation}");
        VerifyJob job = new(execution, name, generation);
        Backup used = await parts.Catalog.Backups.ChangeAsync(
            name,
            current =>
            {
                Refuse(current);
                return current.VerifyGeneration < generation
                    ? current with { Uses = [.. current.Uses, new BackupUse(UseKind.Verify, execution, now)], VerifyGeneration = generation }
                    : throw new CatalogConflictException($"Backup {name} was verified by another request at the same time. Look at it again.");
            },
            cancellationToken);
        try
        {
            await parts.Executions.StartAsync(
                execution, JsonSerializer.SerializeToUtf8Bytes(job, OperationsJson.Default.VerifyJob), cancellationToken);
            return used;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            using CancellationTokenSource cleanup = new(AbandonBackup.TimeLimit, parts.Time);
            await BackupUses.EndAsync(parts.Catalog, name, execution, cleanup.Token);
            throw;
        }
    }

    private static void Refuse(Backup backup)
    {
        if (backup.Status is not (BackupStatus.Available or BackupStatus.Damaged))
        {
            throw new CatalogConflictException($"Backup {backup.Name} is {Text.Of(backup.Status)}: there is nothing to verify yet, or no more.");
        }

        if (backup.Uses.FirstOrDefault(use => use.Kind == UseKind.Verify) is { } running)
        {
            throw new CatalogConflictException(
                $"Backup {backup.Name} is being verified already since {running.Since:u} (execution {running.Execution}). Wait until it is over.");
        }
    }
}
