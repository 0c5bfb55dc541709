using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Names one execution's making of one backup that is taken from no cache: a copy, or an import.</summary>
public sealed record NewBackupJob(ExecutionId Execution, BackupName Backup, long Generation);
