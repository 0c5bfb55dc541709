using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>The export machine's last step: every file is there; the backup and the name are let go.</summary>
public sealed class CompleteExport(ServiceParts parts)
{
    /// <exception cref="NoLongerOwnerException">The export was abandoned, or is another execution's.</exception>
    /// <exception cref="CatalogConflictException">A file was not written.</exception>
    public async Task RunAsync(ExportJob job, CancellationToken cancellationToken)
    {
        // The record goes last: a repetition that finds none has nothing left to do but that.
        if ((await parts.Catalog.Exports.FindAsync(job.Export, cancellationToken))?.Document is not { } export)
        {
            return;
        }

        export = await parts.Catalog.Exports.ChangeAsync(
            job.Export,
            current =>
            {
                ExportRecords.Check(current, job);
                return current.IsComplete ? current : Completed(current);
            },
            cancellationToken);
        await BackupUses.EndAsync(parts.Catalog, export.Backup, job.Execution, cancellationToken);
        await parts.Events.PublishAsync(
            BackupEvent.Of(
                EventCode.BackupExported,
                export.StartedAt,
                $"Backup {export.Backup} was exported to {export.Bucket.Location} as {export.Name}, {export.Files!.Count} file(s).",
                cache: null,
                export.Backup,
                job.Execution),
            cancellationToken);
        await ExportedFiles.ForgetAsync(parts, export, cancellationToken);
    }

    private static Export Completed(Export export) => export.Files is { } files && files.All(f => f.State == ExportFileState.Written)
        ? export with { IsComplete = true }
        : throw new CatalogConflictException($"Not every file of the export {export.Name} was written.");
}
