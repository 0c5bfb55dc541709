using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Backup;

/// <summary>The published backup.</summary>
public sealed record CompleteBackupOutput(BackupName Backup, long SizeBytes, long Keys);
