using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Reads a whole backup back in one step, for an operation that must know before it goes on, such as a final backup before its cache is
/// removed. The outcome stands in the record as that of a verification does.
/// </summary>
public sealed class VerifyBackup(ServiceParts parts)
{
    /// <param name="execution">The execution that asks; the backup must be kept from being deleted meanwhile.</param>
    /// <returns>The outcome; the backup is <c>damaged</c> where it is not good.</returns>
    /// <exception cref="CatalogConflictException">The backup is not available.</exception>
    public async Task<BackupVerification> RunAsync(BackupName name, ExecutionId execution, CancellationToken cancellationToken)
    {
        Backup backup = await parts.Catalog.Backups.GetAsync(name, cancellationToken);
        if (backup.Verification is { } done && done.Execution == execution)
        {
            await VerificationRecord.TellAsync(parts, backup, cancellationToken);
            return done;
        }

        List<(int Shard, VerifyReport Report)> reports = [];
        ShardVerification verification = new(parts.Store, parts.Time);
        foreach (ShardManifest shard in backup.Shards)
        {
            reports.Add((shard.Number, await verification.RunAsync(shard, null, cancellationToken)));
        }

        BackupVerification outcome = VerificationRecord.Of(reports, execution, parts.Time.GetUtcNow());
        Backup verified = await parts.Catalog.Backups.ChangeAsync(
            name,
            current => current.Id == backup.Id && current.Status is (BackupStatus.Available or BackupStatus.Damaged)
                ? VerificationRecord.Apply(current, outcome)
                : throw new CatalogConflictException($"Backup {name} is {Text.Of(current.Status)}, or was replaced while it was read. Look at it again."),
            cancellationToken);
        await VerificationRecord.TellAsync(parts, verified, cancellationToken);
        return outcome;
    }
}
