using CacheBackup.Core.Buckets;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>The records of an export, read and checked together at the beginning of each of its steps.</summary>
internal sealed record ExportRecords(Export Export, Backup Backup)
{
    /// <exception cref="NoLongerOwnerException">The export was abandoned, is over, or belongs to another execution.</exception>
    /// <exception cref="CatalogConflictException">The backup is no longer the one that the export began with.</exception>
    public static async Task<ExportRecords> ReadAsync(BackupCatalog catalog, ExportJob job, CancellationToken cancellationToken)
    {
        Export export = (await catalog.Exports.FindAsync(job.Export, cancellationToken))?.Document ?? throw Gone(job);
        Check(export, job);
        Backup backup = await catalog.Backups.GetAsync(export.Backup, cancellationToken);
        return backup.Id == export.BackupId && backup.Status == BackupStatus.Available
            ? new ExportRecords(export, backup)
            : throw new CatalogConflictException($"Backup {export.Backup} is no longer the one that this export began with.");
    }

    /// <exception cref="NoLongerOwnerException">It is another execution's.</exception>
    public static void Check(Export export, ExportJob job)
    {
        if (!export.IsHeldBy(job.Execution, job.Generation))
        {
            throw Gone(job);
        }
    }

    public BucketFileName FileOf(int shard) => BucketFileName.OfExport(Export.Name, shard);

    private static NoLongerOwnerException Gone(ExportJob job) =>
        new($"Export {job.Export} is no longer that of execution {job.Execution}, generation {job.Generation}; it was abandoned or is over.");
}
