using CacheBackup.Core.Model;
using CacheBackup.Core.Retention;

namespace CacheBackup.Functions.Api;

/// <summary>Whether an automatic backup stays, and why.</summary>
public sealed record RetentionBackupView(
    BackupName Name, bool Keep, RetentionReason Reason, string Status, long SizeBytes, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt = null)
{
    public static RetentionBackupView Of(RetentionDecision decision) => new(
        decision.Backup.Name,
        decision.Keep,
        decision.Reason,
        decision.Backup.ShownStatus,
        decision.Backup.Shards.Sum(s => s.SizeBytes),
        decision.Backup.CreatedAt,
        decision.Backup.ExpiresAt);
}
