using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Restore;

/// <summary>What was restored.</summary>
public sealed record CompleteRestoreOutput(CacheName Cache, long Restored, long Expired);
