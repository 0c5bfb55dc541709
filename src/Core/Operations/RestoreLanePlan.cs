namespace CacheBackup.Core.Operations;

/// <summary>
/// The work of one restore, dealt to lanes: one object beside the lanes' records, written once. Lanes are numbered from 0.
/// </summary>
public sealed record RestoreLanePlan
{
    /// <summary>The ranges of each lane in the order in which it works through them; at most 40 lanes, none where there is nothing to restore.</summary>
    public required IReadOnlyList<IReadOnlyList<WorkRange>> Lanes { get; init; }
}
