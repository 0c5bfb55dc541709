using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Names one execution's restore of one backup into one new cache.</summary>
public sealed record RestoreJob(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation);
