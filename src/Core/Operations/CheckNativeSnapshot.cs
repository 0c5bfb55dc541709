using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Looks at how far ElastiCache has come, with the snapshot and then with its export. It goes by what ElastiCache describes and by what
/// lies in the exchange bucket, never by the name of an error.
/// </summary>
public sealed class CheckNativeSnapshot(ServiceParts parts)
{
    /// <summary>
    /// How long a snapshot may stand as available while its export's files are missing. ElastiCache does not document whether it shows
    /// another status during an export.
    /// </summary>
    public static readonly TimeSpan LongestQuietExport = TimeSpan.FromHours(2);

    /// <summary>
    /// How long a refused export may go without a file before the refusal counts: throttling, or an answer that was lost, may hide one
    /// that has begun.
    /// </summary>
    public static readonly TimeSpan RefusedWithoutFiles = TimeSpan.FromMinutes(10);

    /// <summary>For how long a serverless export's files and their sizes must stay the same: nobody tells how many there will be.</summary>
    public static readonly TimeSpan WholeAfter = TimeSpan.FromMinutes(15);

    /// <summary>
    /// A file holds less than the memory that the data took, compressed and without the engine's own, but never this much less.
    /// </summary>
    private const double SmallestPart = 0.1;

    /// <summary>Below this the memory of an almost empty cache tells nothing of its data.</summary>
    private const long SmallestCompared = 64L * 1024 * 1024;

    /// <exception cref="NoLongerOwnerException">The backup was abandoned.</exception>
    /// <exception cref="NativeSnapshotFailedException">The snapshot failed, is gone, or was waited for long enough.</exception>
    public async Task<NativeCheck> SnapshotAsync(BackupJob job, CancellationToken cancellationToken)
    {
        NativeRecords records = await NativeRecords.ReadAsync(parts, job, cancellationToken);
        NativeSnapshot snapshot = await RequireAsync(records, cancellationToken);
        if (snapshot.IsAvailable)
        {
            return NativeCheck.Ready([]);
        }

        records.RequirePatience(parts.Time.GetUtcNow(), $"{snapshot.Id} is still {snapshot.Status}");
        return NativeCheck.Wait;
    }

    /// <param name="refusal">What ElastiCache answered to the request for the export; null: it accepted it.</param>
    /// <exception cref="NoLongerOwnerException">The backup was abandoned.</exception>
    /// <exception cref="NativeExportFailedException">The export was refused, or wrote nothing.</exception>
    /// <exception cref="NativeSnapshotFailedException">The snapshot is gone, or was waited for long enough.</exception>
    public async Task<NativeCheck> ExportAsync(BackupJob job, FailureCause? refusal, CancellationToken cancellationToken)
    {
        NativeRecords records = await NativeRecords.ReadAsync(parts, job, cancellationToken);
        if (await NativeFiles.FindAsync(parts.Store, records.Backup.Id, cancellationToken) is { } known)
        {
            await ReleaseAsync(records, job, cancellationToken);
            return NativeCheck.Ready(known.Files);
        }

        NativeExportName name = NativeExportName.Of(records.Snapshot);
        NativeExport? export = (await parts.Catalog.NativeExports.FindAsync(name, cancellationToken))?.Document;
        if (export?.IsHeldBy(job.Execution, job.Generation) != true)
        {
            throw new NoLongerOwnerException($"The export of {records.Snapshot} is no longer this execution's.");
        }

        NativeSnapshot snapshot = await RequireAsync(records, cancellationToken);
        export = await NoteAsync(name, export, refusal, cancellationToken);
        (export, IReadOnlyList<SnapshotFile> files) = await new NativeExportWatch(parts).LookAsync(records.Snapshot, export, cancellationToken);
        if (snapshot.IsAvailable && IsWhole(snapshot, export, files))
        {
            RequireSize(snapshot, files);
            NativeFileList written = await NativeFiles.WriteAsync(
                parts.Store, records.Backup.Id, new NativeFileList(files, snapshot.EngineVersion), cancellationToken);
            await ReleaseAsync(records, job, cancellationToken);
            return NativeCheck.Ready(written.Files);
        }

        Refuse(records, snapshot, export, files);
        return NativeCheck.Wait;
    }

    private async Task<NativeExport> NoteAsync(NativeExportName name, NativeExport export, FailureCause? refusal, CancellationToken cancellationToken) =>
        refusal is null || export.Refusal is not null
            ? export
            : await parts.Catalog.NativeExports.ChangeAsync(
                name,
                current => current.IsHeldBy(export.Execution, export.Generation)
                    ? current with { Refusal = refusal.ToReason() }
                    : throw new NoLongerOwnerException($"The export of backup {export.Backup} is no longer this execution's."),
                cancellationToken);

    private void Refuse(NativeRecords records, NativeSnapshot snapshot, NativeExport export, IReadOnlyList<SnapshotFile> files)
    {
        DateTimeOffset now = parts.Time.GetUtcNow();
        if (snapshot.IsAvailable && files is [] && export.Refusal is { } refusal && now - export.StartedAt >= RefusedWithoutFiles)
        {
            throw new NativeExportFailedException(
                $"ElastiCache refused to export {snapshot.Id} into the exchange bucket {parts.ExchangeBucket}. {refusal} "
                + "The bucket must be in the caches' Region, must not encrypt with KMS, and must grant ElastiCache what docs/operations.md lists.");
        }

        if (snapshot.IsAvailable && export.QuietFor(now) > LongestQuietExport)
        {
            throw new NativeExportFailedException(
                $"{snapshot.Id} has been available for {LongestQuietExport.TotalHours:0} hours since anything came of its export, and the exchange bucket "
                + $"{parts.ExchangeBucket} holds {files.Count} of its files. Look for 'Snapshot Export Failed' among the events of {records.Resource}.");
        }

        records.RequirePatience(now, $"the export of {snapshot.Id} has written {files.Count} file(s)");
    }

    /// <summary>Self-designed: a file for each node group. Serverless: nobody says how many, so they must have stayed the same for long.</summary>
    private bool IsWhole(NativeSnapshot snapshot, NativeExport export, IReadOnlyList<SnapshotFile> files) => snapshot.Id.Serverless
        ? files.Count > 0 && export.QuietFor(parts.Time.GetUtcNow()) >= WholeAfter
        : files.Count >= Math.Max(1, snapshot.Files ?? 1);

    private static void RequireSize(NativeSnapshot snapshot, IReadOnlyList<SnapshotFile> files)
    {
        long bytes = files.Sum(file => file.LengthBytes);
        if (snapshot.BytesUsed is >= SmallestCompared and var used && bytes < used * SmallestPart)
        {
            throw new NativeExportFailedException(
                $"The export of {snapshot.Id} has {files.Count} file(s) of {bytes:N0} bytes in all, and the cache held {used:N0} bytes: less than "
                + $"{SmallestPart:P0}, so files are likely to be missing. Look at the events of the cache in ElastiCache and take the backup again; "
                + "if its data compress that well, register the cache with the method stream.");
        }
    }

    private async Task<NativeSnapshot> RequireAsync(NativeRecords records, CancellationToken cancellationToken)
    {
        NativeSnapshot snapshot = await parts.NativeSnapshots.FindAsync(records.Snapshot, cancellationToken)
            ?? throw new NativeSnapshotFailedException($"ElastiCache has no {records.Snapshot} of {records.Resource} any more: somebody deleted it.");
        return snapshot.HasFailed
            ? throw new NativeSnapshotFailedException(
                $"{snapshot.Id} of {records.Resource} is {snapshot.Status}. Look at the events of {records.Resource} in ElastiCache; a shard may lack reserved memory.")
            : snapshot;
    }

    private Task ReleaseAsync(NativeRecords records, BackupJob job, CancellationToken cancellationToken) => parts.Catalog.NativeExports.RemoveAsync(
        NativeExportName.Of(records.Snapshot), export => export.IsHeldBy(job.Execution, job.Generation), cancellationToken);
}
