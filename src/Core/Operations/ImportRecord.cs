using CacheBackup.Core.Buckets;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>The record of an import, read and checked at the beginning of each of its steps.</summary>
internal sealed record ImportRecord(Backup Backup, ImportOrigin Origin)
{
    /// <summary>The one file's shard.</summary>
    public const int Shard = 1;

    public BucketFileName File => BucketFileName.Parse(Origin.File);

    /// <exception cref="NoLongerOwnerException">The import was abandoned, or belongs to another execution.</exception>
    public static async Task<ImportRecord> ReadAsync(BackupCatalog catalog, NewBackupJob job, CancellationToken cancellationToken)
    {
        Backup backup = await catalog.Backups.GetAsync(job.Backup, cancellationToken);
        Ownership.Check(backup, job.Execution, job.Generation);
        return new ImportRecord(
            backup, backup.ImportedFrom ?? throw new CatalogConflictException($"Backup {job.Backup} is not an import."));
    }
}
