using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Snapshots;

/// <summary>Where the slices of one shard leave what the next one needs.</summary>
/// <param name="Checkpoint">One for the shard.</param>
/// <param name="Slice">This call's own.</param>
/// <param name="List">The same, of keys that are listed before they are taken.</param>
public sealed record SliceKeys(ObjectKey Checkpoint, ObjectKey Slice, ObjectKey List);
