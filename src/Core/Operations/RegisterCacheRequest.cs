using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>A cache of the user's own to know from now on.</summary>
public sealed record RegisterCacheRequest(CacheName Name, CacheAddress Address, IReadOnlyList<Tag>? Tags = null);
