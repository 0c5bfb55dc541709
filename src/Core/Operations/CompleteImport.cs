using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>
/// The import machine's last step: publishes the backup, then starts the restore that was asked for. A restore that cannot be started fails
/// the execution; the backup stays.
/// </summary>
public sealed class CompleteImport(ServiceParts parts)
{
    /// <exception cref="NoLongerOwnerException">The import belongs to another execution, or was abandoned.</exception>
    /// <exception cref="CatalogConflictException">The new cache's name was taken meanwhile.</exception>
    public async Task<Backup> RunAsync(NewBackupJob job, CancellationToken cancellationToken)
    {
        Backup backup = await parts.Catalog.Backups.GetAsync(job.Backup, cancellationToken);
        if (!(backup.Status == BackupStatus.Available && backup.IsHeldBy(job.Execution, job.Generation)))
        {
            backup = await PublishAsync(job, cancellationToken);
        }

        await Uploads.AbortAsync(parts.Store, backup.Id, cancellationToken);
        await parts.Events.PublishAsync(
            BackupEvent.Of(
                EventCode.BackupImported,
                backup.CompletedAt!.Value,
                $"Backup {backup.Name} was imported from {backup.ImportedFrom!.Bucket.Location}.",
                backup.Cache,
                backup.Name,
                job.Execution),
            cancellationToken);
        if (backup.ImportedFrom.Restore is { } restore)
        {
            await RestoreAsync(backup, restore, cancellationToken);
        }

        return backup;
    }

    private async Task<Backup> PublishAsync(NewBackupJob job, CancellationToken cancellationToken)
    {
        ImportRecord record = await ImportRecord.ReadAsync(parts.Catalog, job, cancellationToken);
        ShardManifest shard = await ShardRecords.ReadAsync(parts.Store, record.Backup.Id, ImportRecord.Shard, cancellationToken);
        BackupOrigin origin = new()
        {
            Cache = record.Backup.Cache,
            Engine = shard.Engine,
            EngineVersion = shard.ServerVersion,
            Topology = CacheTopology.ClusterDisabled,
            Shards = 1,
        };
        return await PublishedBackups.PublishAsync(
            parts, job, record.Backup, current => current with { Shards = [shard], Origin = origin }, cancellationToken);
    }

    private async Task RestoreAsync(Backup backup, ImportRestore restore, CancellationToken cancellationToken)
    {
        // A repetition finds the cache that the first attempt has made.
        Cache? cache = (await parts.Catalog.Caches.FindAsync(restore.Cache, cancellationToken))?.Document;
        if (cache?.Restoration?.BackupId != backup.Id)
        {
            await new StartRestore(parts).RunAsync(
                new StartRestoreRequest(backup.Name, restore.Cache, restore.Target, restore.Tags, restore.Selection, restore.Rate), cancellationToken);
        }
    }
}
