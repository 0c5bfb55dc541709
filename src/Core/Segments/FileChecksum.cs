using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Segments;

/// <summary>The CRC-64 that a file states of itself, put together from those of its segments: no byte is looked at twice.</summary>
internal static class FileChecksum
{
    /// <inheritdoc cref="Of(IEnumerable{SegmentChecksum}, RdbVersion)"/>
    public static ulong Of(IEnumerable<Segment> segments, RdbVersion version) =>
        Of(segments.Select(segment => new SegmentChecksum(segment.Number, segment.Kind, segment.LengthBytes, segment.Crc64)), version);

    /// <param name="segments">All of the file's, in order.</param>
    /// <param name="version">Decides whether eight bytes that the checksum does not cover end the file.</param>
    public static ulong Of(IEnumerable<SegmentChecksum> segments, RdbVersion version)
    {
        ulong crc = 0;
        foreach (SegmentChecksum segment in segments)
        {
            // The trailer is the end opcode, and what follows it states the checksum.
            crc = segment.Kind == SegmentKind.Trailer && version.HasChecksum
                ? CrcRedis64.Compute(crc, [(byte)RdbOpcode.End])
                : CrcRedis64.Combine(crc, segment.Crc64, segment.LengthBytes);
        }

        return crc;
    }
}
