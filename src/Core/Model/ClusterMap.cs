namespace CacheBackup.Core.Model;

/// <summary>A cluster as one of its nodes sees it at a moment.</summary>
public sealed record ClusterMap
{
    /// <summary>The node that was asked, by its id.</summary>
    public required string AskedId { get; init; }

    /// <summary>All nodes whose address is known, the one that was asked among them.</summary>
    public required IReadOnlyList<ClusterNode> Nodes { get; init; }

    /// <summary>Slots on their way to or from the node that was asked. It tells of its own alone.</summary>
    public required SlotSet Moving { get; init; }

    /// <summary>Primaries that own slots, in the order of their lowest.</summary>
    public IReadOnlyList<ClusterNode> Primaries =>
        [.. Nodes.Where(node => node.PrimaryId is null && !node.Slots.IsEmpty).OrderBy(node => node.Slots.First)];

    /// <summary>Slots that no primary owns.</summary>
    public SlotSet Uncovered
    {
        get
        {
            bool[] free = SlotSet.All.ToTable();
            foreach (ClusterNode primary in Primaries)
            {
                bool[] owned = primary.Slots.ToTable();
                for (int slot = 0; slot < free.Length; slot++)
                {
                    free[slot] &= !owned[slot];
                }
            }

            return SlotSet.Of(free);
        }
    }

    /// <summary>The node that was asked.</summary>
    public ClusterNode Asked => Nodes.First(node => node.Id == AskedId);

    /// <summary>The primary that owns these slots, or most of them; null: nobody owns one.</summary>
    public ClusterNode? OwnerOf(SlotSet slots) =>
        Primaries.Select(primary => (Primary: primary, Shared: primary.Slots.CountShared(slots))).Where(owner => owner.Shared > 0)
            .OrderByDescending(owner => owner.Shared).FirstOrDefault().Primary;

    /// <summary>The replicas of a primary that are up, in the order of their ids.</summary>
    public IReadOnlyList<ClusterNode> ReplicasOf(ClusterNode primary) =>
        [.. Nodes.Where(node => node.PrimaryId == primary.Id && node.IsUp).OrderBy(node => node.Id, StringComparer.Ordinal)];
}
