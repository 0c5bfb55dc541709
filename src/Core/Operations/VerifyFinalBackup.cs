using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;
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
        ShardManifest manifest = backup.Shards.Single(s => s.Number == shard);
        string? damage;
        try
        {
            SegmentIndex index = await SegmentIndexes.ReadAsync(parts.Store, manifest, cancellationToken);
            VerifyReport report = await new VerifyRun(parts.Store, parts.Time).RunAsync(
                manifest.DataKey, index, Recorded(manifest), null, cancellationToken);
            damage = report.IsGood ? null : report.Findings[0].ToString();
        }
        catch (Exception e) when (e is BackupDamagedException or SegmentIndexException)
        {
            damage = e.Message;
        }

        if (damage is not null)
        {
            string reason = $"Shard {shard} is not what was stored: {damage} Take another backup.";
            await MarkAsync(job, reason, cancellationToken);
            throw new BackupDamagedException($"Backup {job.Backup} was read back and is damaged. {reason}");
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

    private static RecordedContent Recorded(ShardManifest manifest) =>
        Sha256Digest.TryParse(manifest.ContentDigest, out Sha256Digest content) && Sha256Digest.TryParse(manifest.Sha256, out Sha256Digest whole)
            ? new RecordedContent(
                manifest.SizeBytes, ulong.Parse(manifest.Crc64, NumberStyles.HexNumber, CultureInfo.InvariantCulture), content, whole)
            : throw new BackupDamagedException($"The record of shard {manifest.Number} holds a digest that is none.");

    private async Task MarkAsync(BackupJob job, string reason, CancellationToken cancellationToken)
    {
        DateTimeOffset now = parts.Time.GetUtcNow();
        Backup damaged = await parts.Catalog.Backups.ChangeAsync(
            job.Backup,
            current => current.Status == BackupStatus.Available && current.IsHeldBy(job.Execution, job.Generation)
                ? current.To(BackupStatus.Damaged, now) with { StatusReason = reason }
                : current,
            cancellationToken);
        await parts.Events.PublishAsync(
            BackupEvent.Of(
                EventCode.BackupDamaged, damaged.StatusSince ?? now, $"Backup {job.Backup} is damaged. {reason}", job.Cache, job.Backup, job.Execution),
            cancellationToken);
    }
}
