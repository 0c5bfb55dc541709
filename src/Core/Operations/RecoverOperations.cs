using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>
/// The second line of defence behind every machine's <c>Catch</c>: an execution that was stopped, timed out, failed outside its states,
/// or never started although a record names it, is abandoned. What other machines run is left to them.
/// </summary>
/// <param name="parts">The service's parts.</param>
/// <param name="startingTime">
/// How long a record may name an execution that is not there yet: zero where nobody else can be about to start it (a host that begins).
/// </param>
public sealed class RecoverOperations(ServiceParts parts, TimeSpan startingTime = default)
{
    /// <summary>Longer than any caller takes from its reservation to the start: an API call or a function.</summary>
    public static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(15);

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
            StateMachines.Restore => AbandonRestoreAsync(
                Input(execution, OperationsJson.Default.RestoreJob), failure, cancellationToken),
            StateMachines.Delete => new RemoveBackup(parts).AbandonAsync(
                Input(execution, OperationsJson.Default.DeleteJob), failure, cancellationToken),
            StateMachines.Copy => new AbandonCopy(parts).RunAsync(
                Input(execution, OperationsJson.Default.NewBackupJob), failure, cancellationToken),
            StateMachines.Import => new AbandonImport(parts).RunAsync(
                Input(execution, OperationsJson.Default.NewBackupJob), failure, cancellationToken),
            StateMachines.Export => new AbandonExport(parts).RunAsync(
                Input(execution, OperationsJson.Default.ExportJob), failure, cancellationToken),
            StateMachines.Register => new ProbeCache(parts).AbandonAsync(
                Input(execution, OperationsJson.Default.CacheJob), failure, cancellationToken),
            StateMachines.RemoveCache => new RemoveCache(parts).AbandonAsync(
                Input(execution, OperationsJson.Default.CacheJob), failure, cancellationToken),
            StateMachines.RestoreTest => new AbandonRestoreTest(parts).RunAsync(
                Input(execution, OperationsJson.Default.RestoreJob), failure, cancellationToken),
            StateMachines.VerifySweep => new AbandonVerifySweep(parts).RunAsync(
                Input(execution, OperationsJson.Default.VerifySweepJob), failure, cancellationToken),
            StateMachines.Verify => new AbandonVerify(parts).RunAsync(
                Input(execution, OperationsJson.Default.VerifyJob), failure, cancellationToken),
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
            abandoned += await TryAsync(cache.Name.Value, () => RecoverAsync(cache, cancellationToken), unreadable);
        }

        // A damaged backup is shown as damaged, whoever uses it.
        foreach (string status in Backup.PassingStatuses.Append(Text.Of(BackupStatus.Damaged)))
        {
            await foreach (Backup backup in parts.Catalog.Listing.AllAsync(BackupIndex.OfStatus(status), unreadable, cancellationToken))
            {
                abandoned += await TryAsync(backup.Name.Value, () => RecoverAsync(backup, cancellationToken), unreadable);
            }
        }

        await foreach (Export export in parts.Catalog.Exports.ListAsync(CatalogKeys.Exports, null, unreadable, cancellationToken))
        {
            abandoned += await TryAsync(export.Id.Value, () => RecoverAsync(export, cancellationToken), unreadable);
        }

        return abandoned;
    }

    /// <summary>One record that cannot be put in order, or whose place is away, must not keep the others from it.</summary>
    private static async Task<int> TryAsync(string name, Func<Task<int>> recoverAsync, Action<UnreadableRecord> unreadable)
    {
        try
        {
            return await recoverAsync();
        }
        catch (Exception e) when (e is TransientException or PermanentException)
        {
            unreadable(new UnreadableRecord(name, $"{e.GetType().Name}: {e.Message}"));
            return 0;
        }
    }

    private async Task<int> RecoverAsync(Export export, CancellationToken cancellationToken)
    {
        if (await GoneAsync(export.Execution, export.StartedAt, cancellationToken) is not { } failure)
        {
            return 0;
        }

        await new AbandonExport(parts).RunAsync(new ExportJob(export.Execution, export.Id, export.Generation), failure, cancellationToken);
        return 1;
    }

    /// <summary>Gives the cache back that an execution holds which does not run.</summary>
    /// <returns>How many records were abandoned.</returns>
    public async Task<int> RecoverAsync(Cache cache, CancellationToken cancellationToken) =>
        cache.Operation is { } held && await GoneAsync(held.Execution, held.StartedAt, cancellationToken) is { } failure
            && await AbandonAsync(cache, held, failure, cancellationToken) ? 1 : 0;

    /// <summary>Abandons what an execution that does not run makes, removes or reads of the backup.</summary>
    /// <returns>How many records were abandoned.</returns>
    public async Task<int> RecoverAsync(Backup backup, CancellationToken cancellationToken)
    {
        int abandoned = 0;
        if (backup.Status is BackupStatus.Creating or BackupStatus.Deleting
            && await GoneAsync(backup.Execution, Generations.TimeOf(backup.Generation), cancellationToken) is { } failure)
        {
            if (backup.Status == BackupStatus.Creating)
            {
                await AbandonAsync(backup, failure, cancellationToken);
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
            if (await GoneAsync(use.Execution, use.Since, cancellationToken) is not null)
            {
                await BackupUses.EndAsync(parts.Catalog, backup.Name, use.Execution, cancellationToken);
                abandoned++;
            }
        }

        return abandoned;
    }

    private Task AbandonAsync(Backup backup, FailureCause failure, CancellationToken cancellationToken) => backup.Kind switch
    {
        BackupKind.Copy => new AbandonCopy(parts).RunAsync(
            new NewBackupJob(backup.Execution, backup.Name, backup.Generation), failure, cancellationToken),
        BackupKind.Imported => new AbandonImport(parts).RunAsync(
            new NewBackupJob(backup.Execution, backup.Name, backup.Generation), failure, cancellationToken),
        _ => new AbandonBackup(parts).RunAsync(
            new BackupJob(backup.Execution, backup.Name, backup.Cache, backup.Generation), failure, cancellationToken),
    };

    /// <summary>What the machine does where it comes to its end by itself: its staged files go, then the cache is given up.</summary>
    private async Task AbandonRestoreAsync(RestoreJob job, FailureCause failure, CancellationToken cancellationToken)
    {
        if (parts.Exchange is not null)
        {
            try
            {
                await new RemoveStagedFiles(parts).RunAsync(job, cancellationToken);
            }
            catch (Exception e) when (e is TransientException or PermanentException)
            {
                // They expire: no reason to leave the cache and the backup held.
            }
        }

        await new AbandonRestore(parts).RunAsync(job, failure, cancellationToken);
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
                await AbandonRestoreAsync(
                    new RestoreJob(held.Execution, backup, cache.Name, held.Generation), failure, cancellationToken);
                return true;
            case OperationKind.RestoreTest when held.Backup is { } backup:
                await new AbandonRestoreTest(parts).RunAsync(
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
    private async Task<FailureCause?> GoneAsync(ExecutionId id, DateTimeOffset since, CancellationToken cancellationToken)
    {
        if (!parts.Executions.Knows(id))
        {
            return null;
        }

        ExecutionDescription? execution = await parts.Executions.DescribeAsync(id, cancellationToken);
        return execution switch
        {
            null when parts.Time.GetUtcNow() - since < startingTime => null,
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
