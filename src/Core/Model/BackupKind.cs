namespace CacheBackup.Core.Model;

/// <summary>Why a backup was taken. Persisted by name.</summary>
public enum BackupKind
{
    Automatic,
    Manual,
    Final,
    Copy,
    Imported,
}
