using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>A backup to take.</summary>
public sealed record StartBackupRequest(BackupName Name, CacheName Cache, BackupKind Kind, IReadOnlyList<Tag>? Tags = null)
{
    /// <summary>The start of the window that an automatic backup is for; null for every other kind.</summary>
    public DateTimeOffset? WindowStart { get; init; }
}
