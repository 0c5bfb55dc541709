namespace CacheBackup.Core.Model;

/// <summary>One shard of a cache and where it is reached.</summary>
/// <param name="Number">1–500, stable for the cache's life, and in cluster mode as long as the shard keeps most of its slots.</param>
/// <param name="Address">Of its primary.</param>
/// <param name="Last">Null: never backed up.</param>
public sealed record CacheShard(int Number, CacheAddress Address, ShardTransfer? Last = null)
{
    /// <summary>What the shard is known by in cluster mode; null: it is the whole cache.</summary>
    public SlotSet? Slots { get; init; }

    /// <summary>Where its replicas were when the cluster was last asked. Null: none, or no cluster.</summary>
    public IReadOnlyList<CacheEndpoint>? Replicas { get; init; }
}
