using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>The copy machine's last step: publishes the copy, and lets its source go.</summary>
public sealed class CompleteCopy(ServiceParts parts)
{
    /// <exception cref="NoLongerOwnerException">The copy belongs to another execution, or was abandoned.</exception>
    public async Task<Backup> RunAsync(NewBackupJob job, CancellationToken cancellationToken)
    {
        Backup copy = await parts.Catalog.Backups.GetAsync(job.Backup, cancellationToken);
        if (!(copy.Status == BackupStatus.Available && copy.IsHeldBy(job.Execution, job.Generation)))
        {
            CopySource records = await CopySource.ReadAsync(parts.Catalog, job, cancellationToken);
            copy = await PublishAsync(job, records, cancellationToken);
        }

        await Uploads.AbortAsync(parts.StoreOf(copy), copy.Id, cancellationToken);
        await BackupUses.EndAsync(parts.Catalog, copy.CopiedFrom!.Backup, job.Execution, cancellationToken);
        await parts.Events.PublishAsync(
            BackupEvent.Of(
                EventCode.BackupCopied,
                copy.CompletedAt!.Value,
                $"Backup {copy.CopiedFrom.Backup} was copied to {copy.Name}{(copy.Location is { } there ? $" in {there.Location}" : string.Empty)}.",
                copy.Cache,
                copy.Name,
                job.Execution),
            cancellationToken);
        return copy;
    }

    private async Task<Backup> PublishAsync(NewBackupJob job, CopySource records, CancellationToken cancellationToken)
    {
        List<ShardManifest> shards = [];
        foreach (ShardManifest shard in records.Source.Shards)
        {
            shards.Add(await ShardRecords.ReadAsync(parts.StoreOf(records.Copy), records.Copy.Id, shard.Number, cancellationToken));
        }

        return await PublishedBackups.PublishAsync(
            parts,
            job,
            records.Copy,
            current => current with { Shards = shards, Origin = records.Source.Origin },
            cancellationToken);
    }
}
