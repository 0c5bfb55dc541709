namespace CacheBackup.Core.Operations;

/// <summary>What each of ElastiCache's states of a cache that is being made means to a restore. The state machine holds the same lists.</summary>
public static class ManagedCacheStates
{
    public const string Available = "available";
    public const string RestoreFailed = "restore-failed";

    /// <summary>It will pass.</summary>
    public static IReadOnlyList<string> Passing { get; } = ["creating", "modifying", "snapshotting"];

    /// <summary>There will never be a cache of this.</summary>
    public static IReadOnlyList<string> Failed { get; } = ["create-failed", "deleting", "deleted", "incompatible-network", RestoreFailed];
}
