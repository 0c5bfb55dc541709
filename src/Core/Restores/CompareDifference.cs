namespace CacheBackup.Core.Restores;

/// <summary>One difference between a target and the backup. It names places and counts, never a key or a value.</summary>
/// <param name="Count">How many keys or libraries the difference speaks of, at least 1.</param>
/// <param name="Database">The database's number; null where none is meant (functions).</param>
/// <param name="OffsetBytes">Where the backup's entry begins in its data file; null where the backup has none (extra keys, totals).</param>
public sealed record CompareDifference(CompareDifferenceKind Kind, long Count, int? Database = null, long? OffsetBytes = null);
