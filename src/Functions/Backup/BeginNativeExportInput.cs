using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Backup;

/// <summary>The backup whose snapshot is to be exported.</summary>
public sealed record BeginNativeExportInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation)
{
    public BackupJob Job => new(Execution, Backup, Cache, Generation);
}
