using System.Buffers;
using System.Security.Cryptography;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Snapshots;

/// <summary>
/// Reads a stored data file back and computes every digest anew: each segment's SHA-256 and CRC-64, and CRC-64 and SHA-256 of the whole.
/// What differs is a finding, not an exception, and one damaged segment does not hide another. Memory: one buffer.
/// </summary>
public sealed class VerifyRun(IObjectStore store, TimeProvider time)
{
    private const int BufferBytes = 256 * 1024;

    /// <param name="dataKey">The data file.</param>
    /// <param name="index">Its index, as stored beside it.</param>
    /// <param name="recorded">What the manifest says of the file.</param>
    /// <param name="progress">Is told bytes after each segment.</param>
    /// <exception cref="StoreUnavailableException">The store broke off too often: nothing is known of the rest.</exception>
    public async Task<VerifyReport> RunAsync(
        ObjectKey dataKey, SegmentIndex index, RecordedContent recorded, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var findings = new VerifyFindings();
        if (index.SizeBytes != recorded.SizeBytes || index.ContentDigest != recorded.ContentDigest)
        {
            findings.Add(VerifyFindingKind.Index, "The segment index is not that of the recorded file: its size or content digest differs.");
        }

        ObjectSummary? stored = await store.HeadAsync(dataKey, cancellationToken);
        if (stored is null)
        {
            findings.Add(VerifyFindingKind.Missing, $"There is no object '{dataKey}'.");
            return findings.ToReport(0);
        }

        if (stored.LengthBytes != index.SizeBytes)
        {
            findings.Add(VerifyFindingKind.Length, $"The object has {stored.LengthBytes} bytes, the index describes {index.SizeBytes}.");
            return findings.ToReport(0);
        }

        await DigestAsync(dataKey, index, recorded, findings, progress, cancellationToken);
        return findings.ToReport(index.SizeBytes);
    }

    private async Task DigestAsync(
        ObjectKey dataKey,
        SegmentIndex index,
        RecordedContent recorded,
        VerifyFindings findings,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken)
    {
        await using var download = new RangeDownload(store, dataKey, new ByteRange(0, index.SizeBytes), index.SizeBytes, time);
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var part = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        CrcRedis64 crc = default;
        long checkedBytes = index.SizeBytes - (index.RdbVersion.HasChecksum ? sizeof(ulong) : 0);
        try
        {
            foreach (Segment segment in index.Segments)
            {
                CrcRedis64 segmentCrc = default;
                for (long offset = segment.OffsetBytes; offset < segment.EndOffsetBytes;)
                {
                    Memory<byte> bytes = buffer.AsMemory(0, (int)Math.Min(BufferBytes, segment.EndOffsetBytes - offset));
                    await download.FillAsync(bytes, cancellationToken);
                    whole.AppendData(bytes.Span);
                    part.AppendData(bytes.Span);
                    segmentCrc.Update(bytes.Span);
                    crc.Update(bytes.Span[..(int)Math.Clamp(checkedBytes - offset, 0, bytes.Length)]);
                    offset += bytes.Length;
                }

                if (new Sha256Digest(part.GetHashAndReset()) != segment.Sha256 || segmentCrc.Value != segment.Crc64)
                {
                    findings.Add(segment);
                }

                progress?.Report(new TransferProgress(segment.EndOffsetBytes, index.SizeBytes, 0));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (crc.Value != recorded.Crc64)
        {
            findings.Add(VerifyFindingKind.Crc64, $"The CRC-64 of the file is {crc.Value:x16}, recorded is {recorded.Crc64:x16}.");
        }

        if (recorded.Sha256 is { } expected && new Sha256Digest(whole.GetHashAndReset()) is var sha256 && sha256 != expected)
        {
            findings.Add(VerifyFindingKind.Sha256, $"The SHA-256 of the file is {sha256}, recorded is {expected}.");
        }
    }
}
