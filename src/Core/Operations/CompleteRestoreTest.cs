using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Writes into the backup's record that it was proven, and lets it go. The throw-away cache is still this execution's: what removes it
/// comes after.
/// </summary>
public sealed class CompleteRestoreTest(ServiceParts parts)
{
    /// <exception cref="RestoreMismatchException">The reports do not account for every key of the backup.</exception>
    public async Task<BackupProof> RunAsync(RestoreJob job, CancellationToken cancellationToken)
    {
        Backup backup = await parts.Catalog.Backups.GetAsync(job.Backup, cancellationToken);
        if (backup.Proof is not { } done || done.Execution != job.Execution)
        {
            backup = await RecordAsync(job, cancellationToken);
        }

        BackupProof proof = backup.Proof!;
        await parts.Events.PublishAsync(
            BackupEvent.Of(
                EventCode.BackupProven,
                proof.At,
                $"Backup {backup.Name} is proven: restored into a throw-away cache, {proof.Restored:N0} key(s) compared, {proof.Expired:N0} expired.",
                backup.Cache,
                backup.Name,
                job.Execution),
            cancellationToken);
        return proof;
    }

    private async Task<Backup> RecordAsync(RestoreJob job, CancellationToken cancellationToken)
    {
        RestoreRecords records = await RestoreRecords.ReadAsync(parts.Catalog, job, cancellationToken);
        RestoreOutcome outcome = await RestoreAccount.CloseAsync(parts, records, job, cancellationToken);
        BackupProof proof = new()
        {
            At = outcome.CompletedAt,
            Execution = job.Execution,
            Engine = records.Cache.Engine!.Value,
            EngineVersion = records.Cache.EngineVersion!.Value,
            Restored = outcome.Restored,
            Expired = outcome.Expired,
        };
        return await parts.Catalog.Backups.ChangeAsync(
            job.Backup,
            current => current.Uses.Any(use => use.Execution == job.Execution)
                ? current with { Proof = proof, ProofFailure = null, Uses = [.. current.Uses.Where(use => use.Execution != job.Execution)] }
                : throw new NoLongerOwnerException($"Backup {job.Backup} is no longer being tested by execution {job.Execution}."),
            cancellationToken);
    }
}
