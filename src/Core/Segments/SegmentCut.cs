namespace CacheBackup.Core.Segments;

/// <summary>A segment without its digests yet.</summary>
internal readonly record struct SegmentCut(int Number, SegmentKind Kind, long OffsetBytes, long EndOffsetBytes, int Database, long Keys);
