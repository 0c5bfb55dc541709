using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Api;

/// <summary>An export that was started; its execution tells how it ends.</summary>
public sealed record ExportView(BackupName Backup, string Location, string Name, ExecutionId Execution, IReadOnlyList<string> Files);
