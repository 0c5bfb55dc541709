namespace CacheBackup.Functions.Api;

/// <summary>What backups cost by the values of one tag.</summary>
/// <param name="Marker">Ask again with <c>?marker=</c> this for the next page; null: that was the last.</param>
public sealed record CostPage(string Tag, IReadOnlyList<CostView> Costs, string? Marker = null);
