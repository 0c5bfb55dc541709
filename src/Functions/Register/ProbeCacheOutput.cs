using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Register;

/// <summary>What the cache is.</summary>
public sealed record ProbeCacheOutput(CacheName Cache, CacheEngine Engine, CacheVersion Version);
