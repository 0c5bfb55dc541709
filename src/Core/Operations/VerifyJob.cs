using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Names one execution's verification of one backup.</summary>
/// <param name="Generation">Of the verification, not of the backup: its reports lie below it.</param>
public sealed record VerifyJob(ExecutionId Execution, BackupName Backup, long Generation);
