using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>The delete machine's steps. Each may be repeated.</summary>
public sealed class RemoveBackup(ServiceParts parts)
{
    /// <summary>Removes every object and open upload of the backup's data. Its record says <c>deleting</c> before and after.</summary>
    /// <returns>How many objects went.</returns>
    public async Task<int> RemoveObjectsAsync(DeleteJob job, CancellationToken cancellationToken)
    {
        Backup? backup = await OwnedAsync(job, cancellationToken);
        if (backup is null)
        {
            return 0;
        }

        IObjectStore store = parts.StoreOf(backup);
        await Uploads.AbortAsync(store, backup.Id, cancellationToken);
        // The copy of the manifest goes first: a catalog that is rebuilt from the data must not list what is half removed.
        await store.DeleteAsync(CatalogKeys.ManifestCopy(backup.Id), cancellationToken);
        return await RemoveAllAsync(store, CatalogKeys.Data(backup.Id), cancellationToken)
            + await RemoveAllAsync(parts.Store, CatalogKeys.BackupProgress(backup.Id), cancellationToken);
    }

    /// <summary>Removes the record itself: last, so that a crash anywhere leaves something that says what is to be finished.</summary>
    public async Task RemoveRecordAsync(DeleteJob job, CancellationToken cancellationToken)
    {
        if (await OwnedAsync(job, cancellationToken) is { } backup)
        {
            // Told before the record goes: afterwards nobody could repeat it.
            await parts.Events.PublishAsync(
                EventOf(EventCode.BackupDeleted, backup, $"Backup {backup.Name} was deleted."), cancellationToken);
            await parts.Catalog.Backups.RemoveAsync(job.Backup, current => IsOwned(current, job), cancellationToken);
        }
    }

    /// <summary>Notes why a removal broke off. The backup stays <c>deleting</c>: it must not be used, and can be deleted again.</summary>
    public async Task AbandonAsync(DeleteJob job, FailureCause failure, CancellationToken cancellationToken)
    {
        try
        {
            Backup backup = await parts.Catalog.Backups.ChangeAsync(
                job.Backup,
                current => IsOwned(current, job) ? current with { StatusReason = $"{failure.ToReason()} Delete it again." } : current,
                cancellationToken);
            if (IsOwned(backup, job))
            {
                await parts.Events.PublishAsync(
                    EventOf(EventCode.BackupDeleteFailed, backup, $"Backup {backup.Name} could not be deleted. {backup.StatusReason}"), cancellationToken);
            }
        }
        catch (NotFoundException)
        {
            // The record is gone, which is what was wanted: another deletion, that took this one up, has come to its end meanwhile.
        }
    }

    private static BackupEvent EventOf(EventCode code, Backup backup, string message) =>
        BackupEvent.Of(code, backup.StatusSince ?? backup.CreatedAt, message, backup.Cache, backup.Name, backup.Execution);

    /// <summary>Null: the record is gone, which is what was wanted.</summary>
    private async Task<Backup?> OwnedAsync(DeleteJob job, CancellationToken cancellationToken)
    {
        Backup? backup = (await parts.Catalog.Backups.FindAsync(job.Backup, cancellationToken))?.Document;
        return backup is null || IsOwned(backup, job)
            ? backup
            : throw new NoLongerOwnerException($"Backup {job.Backup} is no longer being deleted by execution {job.Execution}.");
    }

    private static async Task<int> RemoveAllAsync(IObjectStore store, string prefix, CancellationToken cancellationToken)
    {
        int removed = 0;
        await foreach (ObjectSummary summary in store.ListAsync(prefix, null, cancellationToken))
        {
            await store.DeleteAsync(summary.Key, cancellationToken);
            removed++;
        }

        return removed;
    }

    private static bool IsOwned(Backup backup, DeleteJob job) =>
        backup.Status == BackupStatus.Deleting && backup.IsHeldBy(job.Execution, job.Generation);
}
