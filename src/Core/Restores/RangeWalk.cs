using System.Buffers;
using System.Security.Cryptography;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Restores;

/// <summary>
/// Reads a range of a stored data file and hands its entries out. A segment is checked against its digest before its first entry is handed
/// out, the next one being fetched meanwhile; only a large entry above <see cref="CheckedFirstBytes"/> streams and is checked when it ends.
/// Memory: two segments and one chunk.
/// </summary>
internal sealed class RangeWalk(IObjectStore store, TimeProvider time, RestoreRange range)
{
    /// <summary>The longest large entry that is held whole.</summary>
    public const int CheckedFirstBytes = 4 * 1024 * 1024;

    /// <summary>How much is parsed before it is handed out: it bounds what is gathered in between.</summary>
    private const int ChunkBytes = 128 * 1024;

    private readonly SegmentEntries _entries = new(range.Index.RdbVersion);

    /// <summary>Keys of damaged segments that were passed over.</summary>
    public long Lost { get; private set; }

    /// <summary>Called after each segment but the last: how many are done, and their bytes.</summary>
    public Func<int, long, Task>? SegmentDone { get; set; }

    /// <summary>Walks the range and returns its bytes.</summary>
    /// <exception cref="BackupDamagedException">
    /// Stored bytes differ from their digests (unless those are to be passed over), or do not parse.
    /// </exception>
    public async Task<long> RunAsync(IRangeConsumer consumer, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        Segment[] segments = [.. range.Segments];
        long begin = segments[0].OffsetBytes;
        long total = segments[^1].EndOffsetBytes - begin;
        await using var download = new RangeDownload(store, range.DataKey, new ByteRange(begin, total), range.Index.SizeBytes, time);
        await using var ahead = new FetchAhead(download, range.SkipDamaged, range.IsJustIndexed);
        long keys = 0;
        for (int i = 0; i < segments.Length; i++)
        {
            Segment segment = segments[i];
            bool isGood;
            if (Streams(segment))
            {
                isGood = await TryWalkStreamAsync(segment, download, consumer, cancellationToken);
            }
            else
            {
                ReadOnlyMemory<byte>? bytes = await ahead.TakeAsync(segment, cancellationToken);
                if (i + 1 < segments.Length && !Streams(segments[i + 1]))
                {
                    ahead.Begin(segments[i + 1], cancellationToken);
                }

                isGood = bytes is not null;
                if (bytes is { } whole)
                {
                    await WalkWholeAsync(segment, whole, consumer, cancellationToken);
                }
            }

            Lost += isGood ? 0 : segment.Keys;
            keys += isGood ? _entries.Keys : 0;
            progress?.Report(new TransferProgress(segment.EndOffsetBytes - begin, total, keys));
            if (SegmentDone is { } segmentDone && i + 1 < segments.Length)
            {
                await segmentDone(i + 1, segment.EndOffsetBytes - begin);
            }
        }

        return total;
    }

    private static bool Streams(Segment segment) => segment.Kind == SegmentKind.Large && segment.LengthBytes > CheckedFirstBytes;

    private async Task WalkWholeAsync(
        Segment segment, ReadOnlyMemory<byte> bytes, IRangeConsumer consumer, CancellationToken cancellationToken)
    {
        _entries.Begin(largeValueBytes: null);
        _entries.SetWindow(bytes, segment.OffsetBytes);
        int position = segment.Kind == SegmentKind.Header ? range.Index.RdbVersion.StartBytes : 0;
        IEntryReader reader = Reader(segment, segment.OffsetBytes + position);
        while (position < bytes.Length)
        {
            int count = Math.Min(ChunkBytes, bytes.Length - position);
            Parse(reader, segment, bytes.Span.Slice(position, count));
            position += count;
            await _entries.HandOutAsync(consumer, cancellationToken);
        }

        Complete(reader, segment);
    }

    /// <summary>False: it is damaged and was passed over.</summary>
    private async Task<bool> TryWalkStreamAsync(
        Segment segment, RangeDownload download, IRangeConsumer consumer, CancellationToken cancellationToken)
    {
        if (range.SkipDamaged)
        {
            // A value that was begun cannot be taken back, so it is read twice: whether it is good must be known first.
            await using var ahead = new RangeDownload(
                store, range.DataKey, new ByteRange(segment.OffsetBytes, segment.LengthBytes), range.Index.SizeBytes, time);
            if (!SegmentCheck.IsGood(segment, await HashAsync(ahead, segment, cancellationToken)))
            {
                await HashAsync(download, segment, cancellationToken);
                return false;
            }
        }

        await WalkStreamAsync(segment, download, consumer, cancellationToken);
        return true;
    }

    private static async Task<byte[]> HashAsync(RangeDownload download, Segment segment, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            for (long done = 0; done < segment.LengthBytes;)
            {
                Memory<byte> bytes = chunk.AsMemory(0, (int)Math.Min(ChunkBytes, segment.LengthBytes - done));
                await download.FillAsync(bytes, cancellationToken);
                hash.AppendData(bytes.Span);
                done += bytes.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        return hash.GetHashAndReset();
    }

    private async Task WalkStreamAsync(
        Segment segment, RangeDownload download, IRangeConsumer consumer, CancellationToken cancellationToken)
    {
        _entries.Begin(range.Index.LargeEntryOf(segment).ValueLengthBytes);
        IEntryReader reader = Reader(segment, segment.OffsetBytes);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            for (long done = 0; done < segment.LengthBytes;)
            {
                Memory<byte> bytes = chunk.AsMemory(0, (int)Math.Min(ChunkBytes, segment.LengthBytes - done));
                await download.FillAsync(bytes, cancellationToken);
                hash.AppendData(bytes.Span);
                _entries.SetWindow(bytes, segment.OffsetBytes + done);
                Parse(reader, segment, bytes.Span);
                done += bytes.Length;
                if (done == segment.LengthBytes)
                {
                    // Before its last bytes are handed out: a damaged value is never finished on the target.
                    SegmentCheck.Require(segment, hash.GetHashAndReset());
                    Complete(reader, segment);
                }

                await _entries.HandOutAsync(consumer, cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    /// <summary>Its bytes were held against their digest, or will be: the reader need not compute another.</summary>
    private IEntryReader Reader(Segment segment, long offsetBytes) => IEntryReader.OfSegment(
        _entries, range.Index.RdbVersion, segment.Database, offsetBytes, new RdbReaderOptions { EndOffsetBytes = segment.EndOffsetBytes });

    private static void Parse(IEntryReader reader, Segment segment, ReadOnlySpan<byte> chunk)
    {
        try
        {
            reader.Read(chunk);
        }
        catch (RdbFormatException e)
        {
            throw SegmentCheck.Unreadable(segment, e);
        }
    }

    private void Complete(IEntryReader reader, Segment segment)
    {
        try
        {
            reader.Complete();
        }
        catch (RdbFormatException e)
        {
            throw SegmentCheck.Unreadable(segment, e);
        }

        if (_entries.Keys != segment.Keys)
        {
            throw new BackupDamagedException(
                $"Segment {segment.Number} at byte {segment.OffsetBytes} holds {_entries.Keys} key(s), its index says {segment.Keys}. Verify the backup.");
        }
    }
}
