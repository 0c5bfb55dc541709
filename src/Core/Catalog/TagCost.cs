namespace CacheBackup.Core.Catalog;

/// <summary>What the backups with one value of a tag take up.</summary>
/// <param name="Value">The tag's value.</param>
/// <param name="SizeBytes">Their data files together.</param>
public sealed record TagCost(string Value, int Backups, long SizeBytes);
