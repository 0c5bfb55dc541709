namespace CacheBackup.Core.Model;

/// <summary>The new cache that an import is to seed.</summary>
public sealed record ImportRestore(CacheName Cache, RestoreTargetSpec Target, IReadOnlyList<Tag>? Tags = null);
