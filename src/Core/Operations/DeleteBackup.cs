using System.Text.Json;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Starts a backup's removal: the record becomes <c>deleting</c> first, and from then on nobody can use the backup; then the objects go,
/// then the record. A removal that broke off is taken up by deleting again.
/// </summary>
public sealed class DeleteBackup(ServiceParts parts)
{
    /// <exception cref="NotFoundException">No such backup.</exception>
    /// <exception cref="CatalogConflictException">The backup is being made, is in use, or is locked, or is being deleted by a running execution.</exception>
    public async Task<Backup> RunAsync(BackupName name, CancellationToken cancellationToken)
    {
        Backup before = await parts.Catalog.Backups.GetAsync(name, cancellationToken);
        await RefuseRunningAsync(before, cancellationToken);
        DateTimeOffset now = parts.Time.GetUtcNow();
        RefuseLocked(before, now);
        long generation = Generations.After(before.Generation, now);
        ExecutionId execution = parts.Executions.IdOf(StateMachines.Delete, $"{name}-{generation}");

        Backup deleting = await parts.Catalog.Backups.ChangeAsync(
            name,
            current =>
            {
                RefuseUsed(current);
                if (current.Execution != before.Execution || current.Generation != before.Generation)
                {
                    throw new CatalogConflictException($"Backup {name} was changed by another request at the same time. Look at it again.");
                }

                Backup next = current.Status == BackupStatus.Deleting ? current : current.To(BackupStatus.Deleting, now);
                return next with { Execution = execution, Generation = generation, StatusReason = null };
            },
            cancellationToken);

        await parts.Events.PublishAsync(
            BackupEvent.Of(EventCode.BackupDeleting, now, $"Backup {name} is being deleted.", deleting.Cache, name, execution), cancellationToken);
        DeleteJob job = new(execution, name, generation);
        await parts.Executions.StartAsync(execution, JsonSerializer.SerializeToUtf8Bytes(job, OperationsJson.Default.DeleteJob), cancellationToken);
        return deleting;
    }

    private async Task RefuseRunningAsync(Backup backup, CancellationToken cancellationToken)
    {
        if (backup.Status == BackupStatus.Deleting
            && await parts.Executions.DescribeAsync(backup.Execution, cancellationToken) is { Status: ExecutionStatus.Running })
        {
            throw new CatalogConflictException($"Backup {backup.Name} is being deleted already (execution {backup.Execution}).");
        }
    }

    /// <summary>Up front: halfway the store would refuse, when the record says already that it goes.</summary>
    private static void RefuseLocked(Backup backup, DateTimeOffset now)
    {
        if (backup.LockedUntil is { } until && until > now)
        {
            throw new CatalogConflictException($"Backup {backup.Name} is locked until {until:u}: nobody can delete its data before. Delete it afterwards.");
        }
    }

    private static void RefuseUsed(Backup backup)
    {
        if (backup.Status == BackupStatus.Creating)
        {
            throw new CatalogConflictException(
                $"Backup {backup.Name} is being made (execution {backup.Execution}). Wait until it is over, or cancel that execution first.");
        }

        if (backup.Uses is [var use, ..])
        {
            throw new CatalogConflictException(
                $"Backup {backup.Name} is in use by a {Text.Of(use.Kind)} since {use.Since:u} (execution {use.Execution}). Wait until it is over.");
        }
    }
}
