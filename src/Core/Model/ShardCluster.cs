namespace CacheBackup.Core.Model;

/// <summary>
/// What the cluster said of a shard, the same before its transfer and after it. Persisted in the shard's record.
/// </summary>
/// <param name="Slots">What the shard owned: its identity.</param>
/// <param name="ConfigEpoch">Of the shard's primary.</param>
/// <param name="Primary">Where the primary was.</param>
/// <param name="Node">Where the data came from: the primary, or a replica of it.</param>
public sealed record ShardCluster(SlotSet Slots, long ConfigEpoch, CacheEndpoint Primary, CacheEndpoint Node)
{
    /// <summary>
    /// Keys in the file whose slots the shard did not own, left by a migration that was broken off; a restore leaves them out. Null: none.
    /// </summary>
    public long? ForeignKeys { get; init; }
}
