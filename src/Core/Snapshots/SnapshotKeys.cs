using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Snapshots;

/// <summary>
/// Where one attempt at a shard's snapshot is to be stored. The keys are this attempt's own: an attempt never overwrites another's objects and
/// never takes up where another ended.
/// </summary>
/// <param name="Data">The data file.</param>
/// <param name="Index">Its segment index.</param>
public sealed record SnapshotKeys(ObjectKey Data, ObjectKey Index);
