namespace CacheBackup.Core.Model;

/// <summary>What holds a cache or a backup at the moment. Persisted by name.</summary>
public enum OperationKind
{
    Register,
    Backup,
    Restore,
    Delete,
    RestoreTest,
}
