using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CacheBackup.Core.Segments;

/// <summary>
/// The digest of a file that can be recomputed range by range: the SHA-256 over the length (eight bytes, highest first) and the SHA-256 of each
/// segment, in order.
/// </summary>
public static class ContentDigest
{
    public static Sha256Digest Of(IEnumerable<Segment> segments)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> record = stackalloc byte[8 + Sha256Digest.SizeBytes];
        foreach (var segment in segments)
        {
            BinaryPrimitives.WriteInt64BigEndian(record, segment.LengthBytes);
            segment.Sha256.CopyTo(record[8..]);
            hash.AppendData(record);
        }

        return hash.Finish();
    }

    /// <summary>The digest of everything appended; the hash begins anew.</summary>
    internal static Sha256Digest Finish(this IncrementalHash hash)
    {
        Span<byte> bytes = stackalloc byte[Sha256Digest.SizeBytes];
        hash.GetHashAndReset(bytes);
        return new Sha256Digest(bytes);
    }
}
