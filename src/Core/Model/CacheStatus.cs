namespace CacheBackup.Core.Model;

/// <summary>The status of a cache. Persisted by name.</summary>
public enum CacheStatus
{
    Creating,
    Available,
    Snapshotting,
    RestoreFailed,
    CreateFailed,
    Deleting,
}
