namespace CacheBackup.Core.Model;

/// <summary>One node group of a cache of ElastiCache, as it was when the cache was registered.</summary>
/// <param name="Number">1–500: the place of its node group in the order of their names.</param>
/// <param name="NodeGroup">ElastiCache's own name of it: <c>0001</c>.</param>
/// <param name="Slots">As ElastiCache tells them: <c>0-8191</c>; null: all, or not told.</param>
/// <param name="Endpoint">Where it takes writes; null: not told.</param>
public sealed record ManagedShard(int Number, string NodeGroup, string? Slots = null, CacheEndpoint? Endpoint = null);
