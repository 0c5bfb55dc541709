namespace CacheBackup.Core.Inspections;

/// <summary>A group and what its keys have in common.</summary>
public sealed record NamedGroup<T>(T What, KeyGroup Group);
