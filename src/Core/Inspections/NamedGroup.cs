namespace CacheBackup.Core.Inspections;

/// <summary>Counts, and what the keys that were counted have in common.</summary>
public sealed record NamedGroup<TWhat, TGroup>(TWhat What, TGroup Group);
