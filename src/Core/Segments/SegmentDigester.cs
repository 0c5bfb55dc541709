using System.Security.Cryptography;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Segments;

/// <summary>SHA-256 and CRC-64 of one segment after the other. Not for use by two threads at once; any number of them may be at work.</summary>
/// <remarks>SHA-256 is the platform's (OpenSSL): nothing managed is fast enough.</remarks>
public sealed class SegmentDigester : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private CrcRedis64 _crc;

    /// <summary>The next bytes of the segment.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        _crc.Update(bytes);
    }

    /// <summary>The segment, whose bytes have all come; the next begins.</summary>
    public Segment Finish(SegmentCut cut)
    {
        var segment = new Segment
        {
            Number = cut.Number,
            Kind = cut.Kind,
            OffsetBytes = cut.OffsetBytes,
            LengthBytes = cut.EndOffsetBytes - cut.OffsetBytes,
            Database = cut.Database,
            Keys = cut.Keys,
            Sha256 = _hash.Finish(),
            Crc64 = _crc.Value,
        };
        _crc = default;
        return segment;
    }

    public void Dispose() => _hash.Dispose();
}
