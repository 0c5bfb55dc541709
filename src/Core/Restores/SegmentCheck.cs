using System.Security.Cryptography;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;

namespace CacheBackup.Core.Restores;

/// <summary>Says that stored bytes are not what was recorded.</summary>
internal static class SegmentCheck
{
    /// <summary>Whether the bytes of a whole segment are what was recorded.</summary>
    /// <param name="byChecksum">Its CRC-64 is enough: see <see cref="RestoreRange.IsJustIndexed"/>.</param>
    public static bool IsGood(Segment segment, ReadOnlySpan<byte> bytes, bool byChecksum) => byChecksum
        ? CrcRedis64.Compute(0, bytes) == segment.Crc64
        : IsGood(segment, SHA256.HashData(bytes));

    public static bool IsGood(Segment segment, ReadOnlySpan<byte> sha256) => new Sha256Digest(sha256) == segment.Sha256;

    /// <exception cref="BackupDamagedException">The digest is not the segment's.</exception>
    public static void Require(Segment segment, ReadOnlySpan<byte> sha256)
    {
        if (!IsGood(segment, sha256))
        {
            throw Different(segment);
        }
    }

    public static BackupDamagedException Different(Segment segment) => new(
        $"Segment {segment.Number} (bytes {segment.OffsetBytes}–{segment.EndOffsetBytes - 1} of the data file) differs from its recorded digest: " +
        "the stored bytes were changed or damaged. Restore another backup, or a copy of this one.");

    public static BackupDamagedException Unreadable(Segment segment, RdbFormatException cause) => new(
        $"Segment {segment.Number} at byte {segment.OffsetBytes} matches its digest but cannot be read: {cause.Code} at byte {cause.OffsetBytes}. " +
        "Its index belongs to another file or version. Verify the backup.",
        cause);
}
