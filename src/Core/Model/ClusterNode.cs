namespace CacheBackup.Core.Model;

/// <summary>One node of a cluster, as another node of it sees it.</summary>
public sealed record ClusterNode
{
    /// <summary>The cluster's own name for it, for the node's life.</summary>
    public required string Id { get; init; }

    /// <summary>Where it says that clients reach it: its announced host name, else its address.</summary>
    public required CacheEndpoint Endpoint { get; init; }

    /// <summary>The primary that it copies; null: it is one itself.</summary>
    public string? PrimaryId { get; init; }

    /// <summary>Grows with every failover and every slot that comes.</summary>
    public required long ConfigEpoch { get; init; }

    /// <summary>Of a primary; a replica has none of its own.</summary>
    public required SlotSet Slots { get; init; }

    /// <summary>It is connected and nobody takes it for failed.</summary>
    public required bool IsUp { get; init; }
}
