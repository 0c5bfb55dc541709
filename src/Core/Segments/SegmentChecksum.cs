namespace CacheBackup.Core.Segments;

/// <summary>The CRC-64 of one segment: those of all of a file's segments make the file's own.</summary>
/// <param name="Number">Which segment: <see cref="SegmentCut.Number"/>.</param>
/// <param name="Kind">A trailer states the checksum, and is not part of what it covers.</param>
/// <param name="LengthBytes">The segment's.</param>
/// <param name="Crc64">Of the segment alone, from 0.</param>
public readonly record struct SegmentChecksum(int Number, SegmentKind Kind, long LengthBytes, ulong Crc64);
