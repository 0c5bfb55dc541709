using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Operations;

/// <summary>A backup to restore into a new cache.</summary>
/// <param name="Selection">The part of it that is wanted; null: all of it.</param>
/// <param name="Rate">How fast it may write; null: as fast as the target takes it.</param>
public sealed record StartRestoreRequest(BackupName Backup, CacheName Cache, RestoreTargetSpec Target, IReadOnlyList<Tag>? Tags = null, EntrySelection? Selection = null, RestoreRate? Rate = null);
