using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>The records of a copy, read and checked together at the beginning of each of its steps.</summary>
internal sealed record CopySource(Backup Copy, Backup Source)
{
    /// <exception cref="NoLongerOwnerException">The copy was abandoned, or belongs to another execution.</exception>
    /// <exception cref="CatalogConflictException">The source is no longer the backup that the copy began with.</exception>
    public static async Task<CopySource> ReadAsync(BackupCatalog catalog, NewBackupJob job, CancellationToken cancellationToken)
    {
        Backup copy = await catalog.Backups.GetAsync(job.Backup, cancellationToken);
        Ownership.Check(copy, job.Execution, job.Generation);
        CopyOrigin from = copy.CopiedFrom ?? throw new CatalogConflictException($"Backup {job.Backup} is not a copy.");
        Backup source = await catalog.Backups.GetAsync(from.Backup, cancellationToken);
        return source.Id == from.BackupId && source.Status == BackupStatus.Available
            ? new CopySource(copy, source)
            : throw new CatalogConflictException($"Backup {from.Backup} is no longer the one that this copy began with.");
    }
}
