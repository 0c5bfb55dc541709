namespace CacheBackup.Core.Catalog;

/// <summary>A page of the costs by one tag: its values, each whole. <paramref name="Marker"/> is null where this is the last.</summary>
public sealed record TagCostPage(IReadOnlyList<TagCost> Costs, string? Marker);
