using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>A backup to take.</summary>
public sealed record StartBackupRequest(BackupName Name, CacheName Cache, BackupKind Kind, IReadOnlyList<Tag>? Tags = null);
