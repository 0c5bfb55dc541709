namespace CacheBackup.Core.Operations;

/// <summary>What each of ElastiCache's states of a cache that is being made means to a restore. What stands in no list is waited on, until the wait has lasted too long.</summary>
public static class ManagedCacheStates
{
    public const string Available = "available";
    public const string RestoreFailed = "restore-failed";

    /// <summary>There will never be a cache of this.</summary>
    public static IReadOnlyList<string> Failed { get; } = ["create-failed", "deleting", "deleted", "incompatible-network", RestoreFailed];
}
