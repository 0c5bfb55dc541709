using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// What a native backup leaves outside of our store: files in the exchange bucket, the claim on an export, a snapshot in ElastiCache. Each
/// part may be removed any number of times.
/// </summary>
internal sealed class NativeLeftovers(ServiceParts parts)
{
    /// <summary>Removes all that a backup left which did not come to its end. A snapshot that ElastiCache is at work on stays for the next time.</summary>
    /// <returns>True: nothing is left.</returns>
    public async Task<bool> RemoveAsync(Backup backup, CancellationToken cancellationToken)
    {
        if (backup.NativeSnapshot is not { } id)
        {
            return true;
        }

        if (!await RemoveFilesAsync(backup, cancellationToken))
        {
            // Deleting the snapshot would not tell whether its export has ended.
            return false;
        }

        if (backup.Status == BackupStatus.Available && await IsKeptAsync(backup, cancellationToken))
        {
            return true;
        }

        if (!await IsOursAsync(backup, id, cancellationToken) || await parts.NativeSnapshots.TryDeleteAsync(id, cancellationToken))
        {
            await ForgetSnapshotAsync(backup, cancellationToken);
            return true;
        }

        return false;
    }

    /// <summary>
    /// Removes the files of the export, and gives the export's claim back. That of a serverless export stays while ElastiCache may still
    /// write: its names tell nobody whose file a late one is.
    /// </summary>
    /// <returns>True: nothing more comes of the export.</returns>
    public async Task<bool> RemoveFilesAsync(Backup backup, CancellationToken cancellationToken)
    {
        if (backup.NativeSnapshot is not { } id || parts.Exchange is not { } exchange)
        {
            return true;
        }

        NativeExportName name = NativeExportName.Of(id);
        NativeExport? export = (await parts.Catalog.NativeExports.FindAsync(name, cancellationToken))?.Document;
        bool held = export?.IsHeldBy(backup.Execution, backup.Generation) == true;

        // Asked before the files go: the look notes what came since the last one.
        bool isOver = !held || !id.Serverless || await new NativeExportWatch(parts).IsOverAsync(export!, cancellationToken);
        IReadOnlyList<SnapshotFile> listed = (await NativeFiles.FindAsync(parts.Store, backup.Id, cancellationToken))?.Files ?? [];

        // New files of a serverless export are its own only while it holds the claim.
        IReadOnlyList<SnapshotFile> lying = !id.Serverless || (held && export!.Before is not null)
            ? await NativeFiles.ListAsync(parts, id, export, cancellationToken)
            : [];
        foreach (string key in listed.Concat(lying).Select(file => file.Key).Distinct())
        {
            await exchange.DeleteAsync(ObjectKey.OfOthers(key), cancellationToken);
        }

        if (!held)
        {
            return true;
        }

        if (isOver)
        {
            await parts.Catalog.NativeExports.RemoveAsync(
                name, current => current.IsHeldBy(backup.Execution, backup.Generation), cancellationToken);
        }

        return isOver;
    }

    /// <summary>Whether the user wants to keep what ElastiCache has. A cache that is gone has nobody who does.</summary>
    public async Task<bool> IsKeptAsync(Backup backup, CancellationToken cancellationToken) =>
        (await parts.Catalog.Caches.FindAsync(backup.Cache, cancellationToken))?.Document.Managed?.KeepSnapshots == true;

    /// <summary>Notes that ElastiCache's snapshot is gone; of a backup that is available nothing else stands in its reason.</summary>
    public Task ForgetSnapshotAsync(Backup backup, CancellationToken cancellationToken) => ChangeAsync(
        backup,
        current => current with { NativeSnapshot = null, StatusReason = current.Status == BackupStatus.Available ? null : current.StatusReason },
        cancellationToken);

    /// <summary>Notes why the snapshot of a published backup still lies in ElastiCache.</summary>
    public Task NoteStayingAsync(Backup backup, string reason, CancellationToken cancellationToken) => ChangeAsync(
        backup, current => current.Status == BackupStatus.Available ? current with { StatusReason = reason } : current, cancellationToken);

    private async Task ChangeAsync(Backup backup, Func<Backup, Backup> change, CancellationToken cancellationToken)
    {
        try
        {
            await parts.Catalog.Backups.ChangeAsync(
                backup.Name,
                current => current.Id == backup.Id && current.NativeSnapshot is not null ? change(current) : current,
                cancellationToken);
        }
        catch (NotFoundException)
        {
            // The backup's record is gone, and the note with it.
        }
    }

    /// <summary>A name is noted before the snapshot is asked for: what stands under it may be somebody else's.</summary>
    private async Task<bool> IsOursAsync(Backup backup, NativeSnapshotId id, CancellationToken cancellationToken) =>
        await parts.NativeSnapshots.FindAsync(id, cancellationToken) is { } snapshot
        && ManagedTags.Hold(
            await parts.ManagedSources.ReadTagsAsync(snapshot.Arn, cancellationToken), ManagedTags.Execution, backup.Execution.Value);
}
