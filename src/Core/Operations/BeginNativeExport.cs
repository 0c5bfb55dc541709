using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Says how a snapshot is to be exported, and makes sure that its files will be known again. ElastiCache names those of a serverless
/// snapshot as it likes: one export at a time, and what lay in the exchange bucket before is noted.
/// </summary>
public sealed class BeginNativeExport(ServiceParts parts)
{
    /// <exception cref="NoLongerOwnerException">The backup was abandoned.</exception>
    /// <exception cref="NativeSnapshotFailedException">Its turn did not come in time.</exception>
    /// <exception cref="NativeExportFailedException">The exchange bucket holds too much.</exception>
    public async Task<NativeExportPlan> RunAsync(BackupJob job, CancellationToken cancellationToken)
    {
        NativeRecords records = await NativeRecords.ReadAsync(parts, job, cancellationToken);
        (IObjectStore exchange, string bucket) = NativeRecords.RequireExchange(parts);
        NativeSnapshotId snapshot = records.Snapshot;
        NativeExportPlan Plan(NativeExportStep step) => new(step, snapshot.Name, snapshot.ExportName, bucket);
        if (await NativeFiles.FindAsync(parts.Store, records.Backup.Id, cancellationToken) is not null)
        {
            return Plan(NativeExportStep.Written);
        }

        if (await ClaimAsync(records, job, cancellationToken) is { } other)
        {
            records.RequirePatience(parts.Time.GetUtcNow(), $"the export of backup {other.Backup} is still under way");
            return Plan(NativeExportStep.Wait);
        }

        if (!snapshot.Serverless)
        {
            return Plan(NativeExportStep.Copy);
        }

        await NoteBeforeAsync(job, NativeExportName.Of(snapshot), exchange, cancellationToken);
        return Plan(NativeExportStep.Export);
    }

    /// <returns>Null: the export is ours; else whose it is.</returns>
    private async Task<NativeExport?> ClaimAsync(NativeRecords records, BackupJob job, CancellationToken cancellationToken)
    {
        NativeExportName name = NativeExportName.Of(records.Snapshot);
        NativeExport fresh = new()
        {
            Backup = job.Backup,
            Execution = job.Execution,
            Generation = job.Generation,
            StartedAt = parts.Time.GetUtcNow(),
        };
        if (await parts.Catalog.NativeExports.TryCreateAsync(name, fresh, cancellationToken))
        {
            return null;
        }

        NativeExport? current = (await parts.Catalog.NativeExports.FindAsync(name, cancellationToken))?.Document;
        if (current is null || current.IsHeldBy(job.Execution, job.Generation))
        {
            // Given back this instant: the next look takes it.
            return current is null ? fresh : null;
        }

        // What an abandoned export writes late must not be taken for ours.
        if (await IsAliveAsync(current, cancellationToken)
            || (records.Snapshot.Serverless && !await new NativeExportWatch(parts).IsOverAsync(current, cancellationToken)))
        {
            return current;
        }

        NativeExport taken = await parts.Catalog.NativeExports.ChangeAsync(
            name, now => now.Writer == current.Writer ? fresh with { Unknown = now.Unknown } : now, cancellationToken);
        return taken.IsHeldBy(job.Execution, job.Generation) ? null : taken;
    }

    /// <summary>An execution that ended takes no more part: its export is taken over once nothing more comes of it.</summary>
    private async Task<bool> IsAliveAsync(NativeExport export, CancellationToken cancellationToken)
    {
        TimeSpan age = parts.Time.GetUtcNow() - export.StartedAt;
        return parts.Executions.Knows(export.Execution)
            ? await parts.Executions.DescribeAsync(export.Execution, cancellationToken) is { Status: ExecutionStatus.Running }
            : age < NativeRecords.LongestWait;
    }

    /// <summary>After the claim, and before anything is asked for: a list that is there was made then.</summary>
    private async Task NoteBeforeAsync(BackupJob job, NativeExportName name, IObjectStore exchange, CancellationToken cancellationToken)
    {
        NativeExport claimed = (await parts.Catalog.NativeExports.FindAsync(name, cancellationToken))?.Document
            ?? throw new NoLongerOwnerException("The export is no longer this execution's.");
        if (claimed.Before is not null)
        {
            return;
        }

        IReadOnlyList<string> before = await NativeFiles.AllKeysAsync(exchange, cancellationToken);
        await parts.Catalog.NativeExports.ChangeAsync(
            name,
            current => current.IsHeldBy(job.Execution, job.Generation)
                ? current.Before is null ? current with { Before = before } : current
                : throw new NoLongerOwnerException("The export is no longer this execution's."),
            cancellationToken);
    }
}
