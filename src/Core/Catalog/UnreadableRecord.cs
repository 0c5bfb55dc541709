namespace CacheBackup.Core.Catalog;

/// <summary>A catalog document that is there but cannot be read.</summary>
public sealed record UnreadableRecord(string Name, string Reason);
