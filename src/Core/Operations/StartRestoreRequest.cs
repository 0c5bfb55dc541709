using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>A backup to restore into a new cache.</summary>
public sealed record StartRestoreRequest(BackupName Backup, CacheName Cache, RestoreTargetSpec Target, IReadOnlyList<Tag>? Tags = null);
