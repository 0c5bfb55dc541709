using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Looks at what an export writes, and tells when nothing more can come of one.</summary>
internal sealed class NativeExportWatch(ServiceParts parts)
{
    /// <summary>The files that lie there now, and the record, in which it is noted where a serverless export's are others than before.</summary>
    public async Task<(NativeExport Export, IReadOnlyList<SnapshotFile> Files)> LookAsync(
        NativeSnapshotId snapshot, NativeExport export, CancellationToken cancellationToken)
    {
        IReadOnlyList<SnapshotFile> files = await NativeFiles.ListAsync(parts, snapshot, export, cancellationToken);
        string[] seen = [.. files.Select(file => $"{file.Key}:{file.LengthBytes}")];
        if (!snapshot.Serverless || seen.SequenceEqual(export.Seen ?? []))
        {
            return (export, files);
        }

        DateTimeOffset now = parts.Time.GetUtcNow();
        NativeExport changed = await parts.Catalog.NativeExports.ChangeAsync(
            NativeExportName.Of(snapshot),
            current => current.IsHeldBy(export.Execution, export.Generation) ? current with { Seen = seen, SeenAt = now } : current,
            cancellationToken);
        return (changed.IsHeldBy(export.Execution, export.Generation) ? changed : export with { Seen = seen, SeenAt = now }, files);
    }

    /// <summary>
    /// Whether a serverless export that nobody waits for any more writes nothing more: nothing was asked for, its snapshot is gone, or the
    /// bucket has been quiet for long enough. Until then any new file may be its own.
    /// </summary>
    public async Task<bool> IsOverAsync(NativeExport export, CancellationToken cancellationToken)
    {
        NativeSnapshotId id = NativeSnapshotId.Of(export.Backup, export.Generation, serverless: true);
        if (export.Before is null || await parts.NativeSnapshots.FindAsync(id, cancellationToken) is not { } snapshot)
        {
            return true;
        }

        (NativeExport looked, _) = await LookAsync(id, export, cancellationToken);
        TimeSpan enough = snapshot.IsAvailable || snapshot.HasFailed ? CheckNativeSnapshot.LongestQuietExport : NativeRecords.LongestWait;
        return looked.QuietFor(parts.Time.GetUtcNow()) >= enough;
    }
}
