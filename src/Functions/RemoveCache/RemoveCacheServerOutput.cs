using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.RemoveCache;

/// <summary>What comes next, and the name in ElastiCache of what goes; empty where nothing does.</summary>
public sealed record RemoveCacheServerOutput(ServerRemovalStep Step, string Resource);
