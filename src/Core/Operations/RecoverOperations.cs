using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>
/// The second line of defence behind every machine's <c>Catch</c>: an execution that was stopped, timed out, failed outside its states,
/// or never started although a record names it, is abandoned. What other machines run is left to them.
/// </summary>
public sealed class RecoverOperations(ServiceParts parts)
{
    private static readonly FailureCause NeverStarted =
        new("ExecutionNeverStarted", "The host stopped before the execution was started. Start it again.");

    /// <summary>Abandons what one ended execution left.</summary>
    public Task AbandonAsync(ExecutionDescription execution, CancellationToken cancellationToken)
    {
        FailureCause failure = new(execution.Error ?? Text.Of(execution.Status), execution.Cause);
        return execution.Machine switch
        {
            StateMachines.Backup => new AbandonBackup(parts).RunAsync(
                Input(execution, OperationsJson.Default.BackupJob), failure, cancellationToken),
            StateMachines.Restore => new AbandonRestore(parts).RunAsync(
                Input(execution, OperationsJson.Default.RestoreJob), failure, cancellationToken),
            StateMachines.Delete => new RemoveBackup(parts).AbandonAsync(
                Input(execution, OperationsJson.Default.DeleteJob), failure, cancellationToken),
            StateMachines.Register => new ProbeCache(parts).AbandonAsync(
                Input(execution, OperationsJson.Default.CacheJob), failure, cancellationToken),
            StateMachines.RemoveCache => new RemoveCache(parts).AbandonAsync(
                Input(execution, OperationsJson.Default.CacheJob), failure, cancellationToken),
            _ => Task.CompletedTask,
        };
    }

    /// <summary>
    /// Abandons what is in a passing state and whose execution does not run: every cache, and the backups that the index of states names.
    /// Done when a host starts, and by the purge.
    /// </summary>
    /// <param name="unreadable">Told of each record that cannot be read, which is left as it is.</param>
    /// <returns>How many records were abandoned.</returns>
    public async Task<int> RunAsync(Action<UnreadableRecord> unreadable, CancellationToken cancellationToken)
    {
        int abandoned = 0;
        await foreach (Cache cache in parts.Catalog.Caches.ListAsync(CatalogKeys.Caches, null, unreadable, cancellationToken))
        {
            abandoned += cache.Operation is { } held && await GoneAsync(held.Execution, cancellationToken) is { } failure
                && await AbandonAsync(cache, held, failure, cancellationToken) ? 1 : 0;
        }

        foreach (string status in Backup.PassingStatuses)
        {
            await foreach (Backup backup in parts.Catalog.Listing.AllAsync(BackupIndex.OfStatus(status), unreadable, cancellationToken))
            {
                abandoned += await RecoverAsync(backup, cancellationToken);
            }
        }

        return abandoned;
    }

    private async Task<int> RecoverAsync(Backup backup, CancellationToken cancellationToken)
    {
        int abandoned = 0;
        if (backup.Status is BackupStatus.Creating or BackupStatus.Deleting
            && await GoneAsync(backup.Execution, cancellationToken) is { } failure)
        {
            if (backup.Status == BackupStatus.Creating)
            {
                await new AbandonBackup(parts).RunAsync(
                    new BackupJob(backup.Execution, backup.Name, backup.Cache, backup.Generation), failure, cancellationToken);
                abandoned++;
            }
            else if (backup.StatusReason is null)
            {
                await new RemoveBackup(parts).AbandonAsync(
                    new DeleteJob(backup.Execution, backup.Name, backup.Generation), failure, cancellationToken);
                abandoned++;
            }
        }

        foreach (BackupUse use in backup.Uses)
        {
            if (await GoneAsync(use.Execution, cancellationToken) is not null)
            {
                await BackupUses.EndAsync(parts.Catalog, backup.Name, use.Execution, cancellationToken);
                abandoned++;
            }
        }

        return abandoned;
    }

    private async Task<bool> AbandonAsync(Cache cache, CacheOperation held, FailureCause failure, CancellationToken cancellationToken)
    {
        switch (held.Kind)
        {
            case OperationKind.Backup when held.Backup is { } backup:
                await new AbandonBackup(parts).RunAsync(
                    new BackupJob(held.Execution, backup, cache.Name, held.Generation), failure, cancellationToken);
                return true;
            case OperationKind.Restore when held.Backup is { } backup:
                await new AbandonRestore(parts).RunAsync(
                    new RestoreJob(held.Execution, backup, cache.Name, held.Generation), failure, cancellationToken);
                return true;
            case OperationKind.Register:
                await new ProbeCache(parts).AbandonAsync(new CacheJob(held.Execution, cache.Name, held.Generation), failure, cancellationToken);
                return true;
            case OperationKind.Delete:
                await new RemoveCache(parts).AbandonAsync(new CacheJob(held.Execution, cache.Name, held.Generation), failure, cancellationToken);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Why the execution will not go on; null while it runs, or where another machine runs it.</summary>
    private async Task<FailureCause?> GoneAsync(ExecutionId id, CancellationToken cancellationToken)
    {
        if (!parts.Executions.Knows(id))
        {
            return null;
        }

        ExecutionDescription? execution = await parts.Executions.DescribeAsync(id, cancellationToken);
        return execution switch
        {
            null => NeverStarted,
            { Status: ExecutionStatus.Running } => null,
            _ => new FailureCause(execution.Error ?? Text.Of(execution.Status), execution.Cause),
        };
    }

    private static T Input<T>(ExecutionDescription execution, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class =>
        System.Text.Json.JsonSerializer.Deserialize(execution.Input, type)
        ?? throw new InvalidRequestException($"Execution {execution.Id} has an empty input.");
}
