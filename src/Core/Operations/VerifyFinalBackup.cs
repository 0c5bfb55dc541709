using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Reads a final backup's stored bytes back before its cache may go. Once every shard was read, <see cref="RemoveCache"/> goes on; where
/// one differs from its record the backup becomes <c>damaged</c> and the cache stays.
/// </summary>
public sealed class VerifyFinalBackup(ServiceParts parts)
{
    /// <exception cref="BackupDamagedException">The stored bytes are not what was recorded.</exception>
    /// <exception cref="NoLongerOwnerException">The removal was abandoned.</exception>
    public async Task RunAsync(BackupJob job, int shard, CancellationToken cancellationToken)
    {
        Cache cache = await parts.Catalog.Caches.GetAsync(job.Cache, cancellationToken);
        Ownership.Check(cache, job.Execution, job.Generation);
        Backup backup = await parts.Catalog.Backups.GetAsync(job.Backup, cancellationToken);
        RequirePublished(backup, job);
        VerifyReport report = await new ShardVerification(parts.StoreOf(backup), parts.Time).RunAsync(
            backup.Shards.Single(s => s.Number == shard), null, cancellationToken);
        if (!report.IsGood)
        {
            BackupVerification found = VerificationRecord.Of([(shard, report)], job.Execution, parts.Time.GetUtcNow());
            await MarkAsync(job, found, cancellationToken);
            throw new BackupDamagedException(
                $"Backup {job.Backup} was read back and is damaged. {found.Describe()} Take another backup.");
        }
    }

    /// <exception cref="CatalogConflictException">It is not this removal's, or is not available.</exception>
    internal static void RequirePublished(Backup backup, BackupJob job)
    {
        if (backup.Status != BackupStatus.Available || !backup.IsHeldBy(job.Execution, job.Generation))
        {
            throw new CatalogConflictException(
                $"Backup {backup.Name} is {Text.Of(backup.Status)}, and not the final backup that execution {job.Execution} has taken.");
        }
    }

    private async Task MarkAsync(BackupJob job, BackupVerification found, CancellationToken cancellationToken)
    {
        Backup damaged = await parts.Catalog.Backups.ChangeAsync(
            job.Backup,
            current => current.Status == BackupStatus.Available && current.IsHeldBy(job.Execution, job.Generation)
                ? VerificationRecord.Apply(current, found)
                : current,
            cancellationToken);
        if (damaged.Verification is not null)
        {
            await VerificationRecord.TellAsync(parts, damaged, cancellationToken);
        }
    }
}
