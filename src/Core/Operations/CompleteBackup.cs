using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>The backup machine's last step: publishes the backup, and gives the cache back.</summary>
public sealed class CompleteBackup(ServiceParts parts)
{
    /// <exception cref="NoLongerOwnerException">The backup belongs to another execution, or was abandoned.</exception>
    /// <exception cref="Snapshots.ClusterReshardedException">The files do not hold every slot of a cluster once.</exception>
    public async Task<Backup> RunAsync(BackupJob job, CancellationToken cancellationToken)
    {
        Backup backup = await parts.Catalog.Backups.GetAsync(job.Backup, cancellationToken);
        if (!IsPublished(backup, job))
        {
            Ownership.Check(backup, job.Execution, job.Generation);
            backup = await PublishAsync(backup, job, cancellationToken);
        }

        // What an attempt left open that was killed belongs to nobody's bytes, and costs as if it did.
        await Uploads.AbortAsync(parts.Store, backup.Id, cancellationToken);

        // Also where one call took everything: one before it may have left something and died.
        if (backup.Shards.Any(shard => shard.Scan is not null))
        {
            await SliceLeftovers.RemoveAsync(parts.Store, backup.Id, cancellationToken);
        }

        await parts.Events.PublishAsync(EventOf(backup), cancellationToken);
        await CacheLease.ReleaseAfterBackupAsync(parts.Catalog, job, backup.Shards, cancellationToken);
        return backup;
    }

    private async Task<Backup> PublishAsync(Backup backup, BackupJob job, CancellationToken cancellationToken)
    {
        Cache cache = await parts.Catalog.Caches.GetAsync(job.Cache, cancellationToken);
        Ownership.Check(cache, job.Execution, job.Generation);
        List<ShardManifest> shards = [];
        foreach (int shard in await ShardsOfAsync(cache, backup, cancellationToken))
        {
            shards.Add(await ShardRecords.ReadAsync(parts.Store, backup.Id, shard, cancellationToken));
        }

        if (cache is { Topology: CacheTopology.ClusterEnabled, BackupMethod: not BackupMethod.Native })
        {
            ClusterCoverage.Require(backup.Name, shards);
        }

        return await PublishedBackups.PublishAsync(
            parts,
            new NewBackupJob(job.Execution, job.Backup, job.Generation),
            backup,
            current => current with { Shards = shards, Origin = OriginOf(cache, shards) },
            cancellationToken);
    }

    /// <summary>A native backup has as many shards as ElastiCache wrote files, whatever the cache had when it was registered.</summary>
    private async Task<IReadOnlyList<int>> ShardsOfAsync(Cache cache, Backup backup, CancellationToken cancellationToken)
    {
        if (cache.BackupMethod != BackupMethod.Native)
        {
            return [.. cache.Shards.Select(s => s.Number)];
        }

        NativeFileList files = await NativeFiles.FindAsync(parts.Store, backup.Id, cancellationToken)
            ?? throw new CatalogConflictException($"Backup {backup.Name} cannot be published: the files of its native snapshot were never listed.");
        return [.. files.Files.Select(file => file.Number)];
    }

    private static BackupEvent EventOf(Backup backup) => BackupEvent.Of(
        EventCode.BackupAvailable,
        backup.CompletedAt ?? backup.CreatedAt,
        $"Backup {backup.Name} of cache {backup.Cache} is available: {backup.Shards.Sum(s => s.Keys)} keys, {backup.Shards.Sum(s => s.SizeBytes)} bytes.",
        backup.Cache,
        backup.Name,
        backup.Execution);

    private static bool IsPublished(Backup backup, BackupJob job) =>
        backup.Status == BackupStatus.Available && backup.IsHeldBy(job.Execution, job.Generation);

    private static BackupOrigin OriginOf(Cache cache, List<ShardManifest> shards) => new()
    {
        Cache = cache.Name,
        Engine = shards[0].Engine,
        EngineVersion = shards[0].ServerVersion,
        Topology = cache.Topology ?? CacheTopology.ClusterDisabled,
        Shards = shards.Count,
        DataTiering = cache.Managed?.DataTiering,
    };
}
