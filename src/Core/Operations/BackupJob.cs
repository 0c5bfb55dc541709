using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Names one execution's work on one backup; the input of the backup machine and of each of its steps.</summary>
public sealed record BackupJob(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation);
