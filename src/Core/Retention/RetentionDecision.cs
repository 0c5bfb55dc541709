using CacheBackup.Core.Model;

namespace CacheBackup.Core.Retention;

/// <summary>Whether a backup stays, and why.</summary>
public sealed record RetentionDecision(Backup Backup, bool Keep, RetentionReason Reason);
