using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;

namespace CacheBackup.Core.Operations;

/// <summary>The records of a restore, read and checked together at the beginning of each of its steps.</summary>
internal sealed record RestoreRecords(Backup Backup, Cache Cache, CacheRestoration Restoration)
{
    /// <summary>Where the new cache is.</summary>
    /// <exception cref="CatalogConflictException">It was not provisioned.</exception>
    public CacheAddress Address => Cache.Shards is [var only, ..]
        ? only.Address
        : throw new CatalogConflictException($"Cache {Cache.Name} was not provisioned yet.");

    /// <summary>One range of the work, with what was asked for.</summary>
    public RestoreRange RangeOf(ShardManifest shard, SegmentIndex index, WorkRange range) => new(
        shard.DataKey, index, range.FirstSegment, range.LastSegment)
    {
        Selection = Restoration.Selection,
        LeaveOutRefused = Restoration.Target.AllowRefused,
        SkipDamaged = Restoration.Target.AllowDamaged,

        // In all files or in none: what is left out is counted for the whole.
        Slots = Backup.Shards.Any(s => s.Cluster?.ForeignKeys > 0) ? shard.Cluster?.Slots : null,
    };

    /// <exception cref="NoLongerOwnerException">The restore was abandoned, or another execution owns the cache.</exception>
    public static async Task<RestoreRecords> ReadAsync(BackupCatalog catalog, RestoreJob job, CancellationToken cancellationToken)
    {
        Cache cache = await catalog.Caches.GetAsync(job.Cache, cancellationToken);
        Ownership.Check(cache, job.Execution, job.Generation);
        CacheRestoration restoration = cache.Restoration
            ?? throw new CatalogConflictException($"Cache {job.Cache} was not made by a restore.");
        Backup backup = await catalog.Backups.GetAsync(job.Backup, cancellationToken);
        if (backup.Id != restoration.BackupId)
        {
            throw new CatalogConflictException($"Backup {job.Backup} is no longer the one that this restore began with.");
        }

        RestorableStatus.Require(backup, restoration.Target);
        return new RestoreRecords(backup, cache, restoration);
    }
}
