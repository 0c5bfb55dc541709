using CacheBackup.Core.Model;

namespace CacheBackup.Caches.Replication;

/// <summary>How patient a replication transfer is.</summary>
public sealed record ReplicationOptions
{
    public static ReplicationOptions Default { get; } = new();

    /// <summary>Of a node of a cluster, what its shard owns. Null: a node of a cluster is refused, for it holds a part of the keys alone.</summary>
    public SlotSet? Slots { get; init; }

    /// <summary>Of the connection, until the data set is asked for.</summary>
    public RespConnectionOptions Connection { get; init; } = RespConnectionOptions.Default;

    /// <summary>
    /// The longest time without one byte, keep-alives included, once the data set was asked for. A primary says something every second, except
    /// while it forks: the default is a minute, its own <c>repl-timeout</c>.
    /// </summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a diskless transfer must stay silent after its end mark to be over where the primary does not close the connection. With
    /// <c>rdb-only</c> it closes within tenths of a second.
    /// </summary>
    public TimeSpan EndMarkSilence { get; init; } = TimeSpan.FromSeconds(2);
}
