using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Names one execution's work on one cache: registering or removing it.</summary>
public sealed record CacheJob(ExecutionId Execution, CacheName Cache, long Generation);
