using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Model;

/// <summary>The new cache that an import is to seed.</summary>
/// <param name="Selection">The part of the file that is wanted; null: all of it.</param>
/// <param name="Rate">How fast it may write; null: as fast as the target takes it.</param>
public sealed record ImportRestore(CacheName Cache, RestoreTargetSpec Target, IReadOnlyList<Tag>? Tags = null, EntrySelection? Selection = null, RestoreRate? Rate = null);
