using CacheBackup.Core.Segments;

namespace CacheBackup.Core.Snapshots;

/// <summary>What was recorded of a data file when it was stored, apart from its index.</summary>
/// <param name="SizeBytes">Its length.</param>
/// <param name="Crc64">Over everything but the eight bytes that state it.</param>
/// <param name="ContentDigest">Over lengths and digests of its segments.</param>
/// <param name="Sha256">Of the whole file; null where no single run wrote it.</param>
public sealed record RecordedContent(long SizeBytes, ulong Crc64, Sha256Digest ContentDigest, Sha256Digest? Sha256)
{
    public static RecordedContent Of(IndexedContent content) => new(content.SizeBytes, content.Crc64, content.ContentDigest, content.Sha256);
}
