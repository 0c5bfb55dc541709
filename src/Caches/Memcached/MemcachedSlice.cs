using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Memcached;

/// <summary>What one slice of a dump is to take.</summary>
internal sealed record MemcachedSlice
{
    /// <summary>The node as it was found when the slice began.</summary>
    public required MemcachedServer Before { get; init; }

    public SliceLimit Limit { get; init; } = SliceLimit.None;

    /// <summary>Where the slice before left; null: this is the first.</summary>
    public ScanPosition? From { get; init; }

    /// <summary>Where the list of keys is left for other slices; null: there are none.</summary>
    public KeyListStore? Lists { get; init; }
}
