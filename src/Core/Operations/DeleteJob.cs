using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Names one execution's removal of one backup.</summary>
public sealed record DeleteJob(ExecutionId Execution, BackupName Backup, long Generation);
