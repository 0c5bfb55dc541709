using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Core.Operations;

/// <summary>
/// The verify machine's last step: writes into the backup's record when it was read back and what that showed. A backup with a finding
/// becomes <c>damaged</c> and stays so: one good reading does not take back what another one saw.
/// </summary>
public sealed class CompleteVerify(ServiceParts parts)
{
    /// <exception cref="CatalogConflictException">A shard has no report.</exception>
    /// <exception cref="NoLongerOwnerException">The verification was abandoned.</exception>
    public async Task<BackupVerification> RunAsync(VerifyJob job, CancellationToken cancellationToken)
    {
        Backup backup = await parts.Catalog.Backups.GetAsync(job.Backup, cancellationToken);
        if (backup.Verification is not { } done || done.Execution != job.Execution)
        {
            backup = await RecordAsync(await VerifyRecords.ReadAsync(parts.Catalog, job, cancellationToken), job, cancellationToken);
        }

        BackupVerification verification = backup.Verification!;
        await VerificationRecord.TellAsync(parts, backup, cancellationToken);
        await VerifyReports.RemoveAsync(parts.Store, backup.Id, job, cancellationToken);
        return verification;
    }

    private async Task<Backup> RecordAsync(Backup backup, VerifyJob job, CancellationToken cancellationToken)
    {
        List<(int Shard, VerifyReport Report)> reports = [];
        foreach (ShardManifest shard in backup.Shards)
        {
            reports.Add((shard.Number, await VerifyReports.ReadAsync(parts.Store, backup.Id, job, shard.Number, cancellationToken)));
        }

        BackupVerification verification = VerificationRecord.Of(reports, job.Execution, parts.Time.GetUtcNow());
        return await parts.Catalog.Backups.ChangeAsync(
            job.Backup,
            current => VerifyRecords.IsUsedBy(current, job.Execution)
                ? VerificationRecord.Apply(current, verification) with { Uses = [.. current.Uses.Where(use => use.Execution != job.Execution)] }
                : throw new NoLongerOwnerException($"Backup {job.Backup} is no longer being verified by execution {job.Execution}."),
            cancellationToken);
    }
}
