namespace CacheBackup.Core.Model;

/// <summary>What reads a backup at the moment. Persisted by name.</summary>
public enum UseKind
{
    Restore,
    Copy,
    Export,
    Verify,
    RestoreTest,
}
