namespace CacheBackup.Functions.Api;

/// <summary>What the backups with one value of a tag take up.</summary>
/// <param name="DollarsPerMonth">Storage alone; null where its price is not known.</param>
public sealed record CostView(string Value, int Backups, long SizeBytes, decimal? DollarsPerMonth = null);
