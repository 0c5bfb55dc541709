namespace CacheBackup.Core.Model;

/// <summary>An execution that reads a backup: the backup cannot be deleted until it is over.</summary>
public sealed record BackupUse(UseKind Kind, ExecutionId Execution, DateTimeOffset Since);
