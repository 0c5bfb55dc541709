using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Backup;

/// <summary>The backup whose cluster is to be asked, and how often it was already.</summary>
public sealed record SurveyClusterInput(ExecutionId Execution, BackupName Backup, CacheName Cache, long Generation, int Round)
{
    public BackupJob Job => new(Execution, Backup, Cache, Generation);
}
