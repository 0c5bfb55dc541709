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
        IReadOnlyList<SnapshotFile> files = await NativeFiles.ListAsync(parts, records.Snapshot, export, cancellationToken);
        if (snapshot.IsAvailable && await IsWholeAsync(name, snapshot, export, files, cancellationToken))
        {
            NativeFileList written = await NativeFiles.WriteAsync(
                parts.Store, records.Backup.Id, new NativeFileList(files, snapshot.EngineVersion), cancellationToken);
            await ReleaseAsync(records, job, cancellationToken);
            return NativeCheck.Ready(written.Files);
        }

        Refuse(records, snapshot, export, files, refusal);
        return NativeCheck.Wait;
    }

    private void Refuse(NativeRecords records, NativeSnapshot snapshot, NativeExport export, IReadOnlyList<SnapshotFile> files, FailureCause? refusal)
    {
        DateTimeOffset now = parts.Time.GetUtcNow();
        if (snapshot.IsAvailable && files is [] && refusal is not null)
        {
            throw new NativeExportFailedException(
                $"ElastiCache refused to export {snapshot.Id} into the exchange bucket {parts.ExchangeBucket}. {refusal.ToReason()} "
                + "The bucket must be in the caches' Region, must not encrypt with KMS, and must grant ElastiCache what docs/operations.md lists.");
        }

        if (snapshot.IsAvailable && now - export.StartedAt > LongestQuietExport)
        {
            throw new NativeExportFailedException(
                $"{snapshot.Id} has been available for {LongestQuietExport.TotalHours:0} hours since its export was asked for, and the exchange bucket "
                + $"{parts.ExchangeBucket} holds {files.Count} of its files. Look for 'Snapshot Export Failed' among the events of {records.Resource}.");
        }

        records.RequirePatience(now, $"the export of {snapshot.Id} has written {files.Count} file(s)");
    }

    /// <summary>Self-designed: a file for each node group. Serverless: nobody says how many, so two looks must find the same.</summary>
    private async Task<bool> IsWholeAsync(
        NativeExportName name, NativeSnapshot snapshot, NativeExport export, IReadOnlyList<SnapshotFile> files, CancellationToken cancellationToken)
    {
        if (!snapshot.Id.Serverless)
        {
            return files.Count >= Math.Max(1, snapshot.Files ?? 1);
        }

        string[] seen = [.. files.Select(file => $"{file.Key}:{file.LengthBytes}")];
        if (seen.Length > 0 && export.Seen is { } before && before.SequenceEqual(seen))
        {
            return true;
        }

        await parts.Catalog.NativeExports.ChangeAsync(
            name, current => current.IsHeldBy(export.Execution, export.Generation) ? current with { Seen = seen } : current, cancellationToken);
        return false;
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
