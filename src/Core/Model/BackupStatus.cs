namespace CacheBackup.Core.Model;

/// <summary>The stored status of a backup; BackupTransitions has the moves. Persisted by name.</summary>
public enum BackupStatus
{
    Creating,
    Available,
    Failed,
    Damaged,
    Deleting,
}
