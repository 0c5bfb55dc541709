using CacheBackup.Core.Buckets;
using CacheBackup.Core.Model;
using CacheBackup.Core.Segments;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Ends an export that did not come to its end: removes the files that it wrote, so that nothing half-made stays under the name, and lets the
/// backup and the name go. Files of others are left alone. It may be called any number of times, at any moment.
/// </summary>
public sealed class AbandonExport(ServiceParts parts)
{
    public async Task RunAsync(ExportJob job, FailureCause failure, CancellationToken cancellationToken)
    {
        if ((await parts.Catalog.Exports.FindAsync(job.Export, cancellationToken))?.Document is not { } export
            || !export.IsHeldBy(job.Execution, job.Generation))
        {
            return;
        }

        if (export.IsComplete)
        {
            // It did come to its end, and was cut off while it said so.
            await new CompleteExport(parts).RunAsync(job, cancellationToken);
            return;
        }

        string left = await TryRemoveFilesAsync(export, cancellationToken);
        await BackupUses.EndAsync(parts.Catalog, export.Backup, job.Execution, cancellationToken);
        await parts.Events.PublishAsync(
            BackupEvent.Of(
                EventCode.BackupExportFailed,
                parts.Time.GetUtcNow(),
                $"Backup {export.Backup} was not exported to {export.Bucket.Location} as {export.Name}. {failure.ToReason()}{left}",
                cache: null,
                export.Backup,
                job.Execution),
            cancellationToken);
        // Last: until here another call finds what is left to do.
        await ExportedFiles.ForgetAsync(parts, export, cancellationToken);
    }

    /// <summary>A place that refuses us for good must not hold the backup for ever: what may be left there is said instead.</summary>
    private async Task<string> TryRemoveFilesAsync(Export export, CancellationToken cancellationToken)
    {
        try
        {
            Backup? backup = (await parts.Catalog.Backups.FindAsync(export.Backup, cancellationToken))?.Document;
            if (backup?.Id == export.BackupId)
            {
                await RemoveFilesAsync(export, backup, cancellationToken);
            }

            return string.Empty;
        }
        catch (PermanentException e)
        {
            return $" Files of it may be left there: {e.Message}";
        }
    }

    private async Task RemoveFilesAsync(Export export, Backup backup, CancellationToken cancellationToken)
    {
        IBucketFiles files = parts.Buckets.OpenFiles(export.Bucket);
        foreach (ExportFile file in (export.Files ?? []).Where(f => f.State is ExportFileState.Writing or ExportFileState.Written))
        {
            BucketFileName name = BucketFileName.OfExport(export.Name, file.Shard);
            ShardManifest manifest = backup.Shards.Single(s => s.Number == file.Shard);
            await files.RemovePartialAsync(name, cancellationToken);
            Sha256Digest sha256 = await ShardFiles.DigestAsync(parts.StoreOf(backup), manifest, parts.Time, cancellationToken);
            if (await ExportedFiles.IsOursAsync(files, name, manifest, sha256, cancellationToken))
            {
                await files.RemoveAsync(name, cancellationToken);
            }
        }
    }
}
