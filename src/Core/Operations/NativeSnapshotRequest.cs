using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>A snapshot that ElastiCache is to take.</summary>
/// <param name="Id">The name that it gets.</param>
/// <param name="Source">The cache.</param>
/// <param name="Node">The node to take it from, of a cache without cluster mode; null: as ElastiCache chooses.</param>
/// <param name="Tags">At most 50.</param>
public sealed record NativeSnapshotRequest(NativeSnapshotId Id, ManagedResource Source, string? Node, IReadOnlyList<Tag> Tags);
