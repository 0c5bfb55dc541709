using System.Buffers;
using System.Security.Cryptography;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Restores;

/// <summary>
/// Reads a range of a stored data file and hands its entries out. Segments up to <see cref="CheckedFirstBytes"/> are checked against their
/// digest before their first entry is handed out, the next one being fetched meanwhile; longer ones (one huge entry) stream and are checked
/// when they end. Memory: two segment buffers and one chunk.
/// </summary>
internal sealed class RangeWalk(IObjectStore store, TimeProvider time, RestoreRange range)
{
    /// <summary>The longest segment that is held whole. Segments are cut well below it.</summary>
    public const int CheckedFirstBytes = 16 * 1024 * 1024;

    /// <summary>How much is parsed before it is handed out: it bounds what is gathered in between.</summary>
    private const int ChunkBytes = 128 * 1024;

    private readonly SegmentEntries _entries = new(LargeEntriesOf(range));

    /// <exception cref="BackupDamagedException">Stored bytes differ from their digests, or do not parse.</exception>
    public async Task RunAsync(IRangeConsumer consumer, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        IReadOnlyList<Segment> segments = range.Index.Segments;
        ArgumentOutOfRangeException.ThrowIfNegative(range.FirstSegment);
        ArgumentOutOfRangeException.ThrowIfLessThan(range.LastSegment, range.FirstSegment);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(range.LastSegment, segments.Count);
        Segment last = segments[range.LastSegment];
        long begin = segments[range.FirstSegment].OffsetBytes;
        long total = last.OffsetBytes + last.LengthBytes - begin;
        await using var download = new RangeDownload(store, range.DataKey, new ByteRange(begin, total), range.Index.SizeBytes, time);
        long keys = 0;
        using var ahead = new FetchAhead(download, cancellationToken);
        for (int number = range.FirstSegment; number <= range.LastSegment; number++)
        {
            Segment segment = segments[number];
            if (segment.LengthBytes <= CheckedFirstBytes)
            {
                byte[] bytes = await ahead.TakeAsync(segment);
                if (number < range.LastSegment && segments[number + 1].LengthBytes <= CheckedFirstBytes)
                {
                    ahead.Begin(segments[number + 1]);
                }

                await WalkWholeAsync(number, segment, bytes.AsMemory(0, (int)segment.LengthBytes), consumer, cancellationToken);
            }
            else
            {
                await WalkStreamAsync(number, segment, download, consumer, cancellationToken);
            }

            keys += _entries.Keys;
            progress?.Report(new TransferProgress(segment.OffsetBytes + segment.LengthBytes - begin, total, keys));
        }
    }
}
