using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Core.Operations;

/// <summary>One attempt at a shard: which node its data is to come from, and whether that node was the same all the while.</summary>
internal interface IShardReading
{
    /// <summary>The node to take the data from.</summary>
    CacheAddress Address { get; }

    /// <summary>The node to scan where replication is not to be had after all.</summary>
    CacheAddress Scanned { get; }

    /// <summary>What the shard owns; null: it is a whole cache.</summary>
    SlotSet? Slots { get; }

    /// <summary>Who the shard is: another text is another shard, whose keys were never scanned. Null: there is no other.</summary>
    string? Subject { get; }

    /// <summary>To be called when the data, or a slice of it, has come: requires that the node is what it was, and notes where the data came from.</summary>
    /// <param name="taken">Null: more is to come.</param>
    /// <param name="foreignKeys">Keys in the file of slots that the shard does not own.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <exception cref="ClusterUnsettledException">The shard of a cluster is another one by now.</exception>
    /// <exception cref="TransferCutException">The replica that the data came from is no replica of its primary any more.</exception>
    Task<ShardManifest?> EndAsync(ShardManifest? taken, long foreignKeys, CancellationToken cancellationToken);
}
