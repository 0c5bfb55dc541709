namespace CacheBackup.Core.Segments;

/// <summary>A segment without its digests yet.</summary>
/// <param name="Number">Its place in the file, from 0.</param>
/// <param name="Database">The database that is selected where it begins.</param>
public readonly record struct SegmentCut(int Number, SegmentKind Kind, long OffsetBytes, long EndOffsetBytes, int Database, long Keys);
