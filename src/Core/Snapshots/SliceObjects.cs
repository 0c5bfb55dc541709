using System.Buffers;
using System.Globalization;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Snapshots;

/// <summary>Writes and reads the objects of slices. Memory beside what is read: a part's buffers, and one piece of keys.</summary>
/// <param name="random">Spreads retries of parts.</param>
public sealed class SliceObjects(IObjectStore store, TimeProvider time, Random random)
{
    private const int PieceBytes = 4096 * RememberedKeys.HashBytes;

    /// <param name="key">Of this call alone.</param>
    /// <param name="keys">Null: nobody will ask for them.</param>
    public async Task<StoredSlice> WriteAsync(ObjectKey key, SliceContent content, RememberedKeys? keys, CancellationToken cancellationToken)
    {
        await using SegmentUploader uploader = await SegmentUploader.BeginAsync(
            store, key, new SegmentUploaderOptions { Parallelism = 2 }, time, random, cancellationToken);
        var crc = default(CrcRedis64);
        var index = new ArrayBufferWriter<byte>();
        IndexedSoFarDocument.Write(content.Indexed, index);
        crc = await AppendAsync(uploader, crc, index.WrittenMemory, cancellationToken);
        crc = await AppendAsync(uploader, crc, content.Tail, cancellationToken);
        long keyBytes = 0;
        foreach (ReadOnlyMemory<byte> piece in keys?.ReadAdded() ?? [])
        {
            crc = await AppendAsync(uploader, crc, piece, cancellationToken);
            keyBytes += piece.Length;
        }

        await uploader.CompleteAsync(WriteCondition.Absent, cancellationToken);
        return new StoredSlice(key, index.WrittenCount, content.Tail.Length, keyBytes, crc.Value.ToString("x16", CultureInfo.InvariantCulture));
    }

    /// <summary>Reads the last slice's index and tail, and the keys of all of them.</summary>
    /// <param name="keys">Null: only index and tail are asked for.</param>
    /// <exception cref="BackupDamagedException">An object is not what was written.</exception>
    public async Task<SliceContent> ReadAsync(IReadOnlyList<StoredSlice> slices, RememberedKeys? keys, CancellationToken cancellationToken)
    {
        SliceContent? last = null;
        for (int i = 0; i < slices.Count; i++)
        {
            bool isLast = i == slices.Count - 1;
            if (isLast || keys is not null)
            {
                last = await ReadAsync(slices[i], isLast, keys, cancellationToken) ?? last;
            }
        }

        return last ?? throw new BackupDamagedException("A checkpoint lists no slice. Take the backup again.");
    }

    private async Task<SliceContent?> ReadAsync(StoredSlice slice, bool isLast, RememberedKeys? keys, CancellationToken cancellationToken)
    {
        try
        {
            await using ObjectContent content = await store.GetAsync(slice.Key, null, cancellationToken);
            byte[] index = await ReadAsync(content.Stream, slice.IndexBytes, cancellationToken);
            byte[] tail = await ReadAsync(content.Stream, slice.TailBytes, cancellationToken);
            var crc = default(CrcRedis64);
            crc.Update(index);
            crc.Update(tail);
            byte[] piece = new byte[PieceBytes];
            for (long left = slice.KeyBytes; left > 0;)
            {
                Memory<byte> part = piece.AsMemory(0, (int)Math.Min(left, piece.Length));
                await content.Stream.ReadExactlyAsync(part, cancellationToken);
                crc.Update(part.Span);
                keys?.AddEarlier(part.Span);
                left -= part.Length;
            }

            return crc.Value.ToString("x16", CultureInfo.InvariantCulture) != slice.Crc64
                ? throw Damaged(slice, null)
                : isLast ? new SliceContent(IndexedSoFarDocument.Read(index), tail) : null;
        }
        catch (Exception e) when (e is EndOfStreamException or ObjectNotFoundException)
        {
            throw Damaged(slice, e);
        }
    }

    private static async Task<byte[]> ReadAsync(Stream stream, long length, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    private static async ValueTask<CrcRedis64> AppendAsync(
        SegmentUploader uploader, CrcRedis64 crc, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        crc.Update(bytes.Span);
        await uploader.AppendAsync(bytes, cancellationToken);
        return crc;
    }

    private static BackupDamagedException Damaged(StoredSlice slice, Exception? innerException) =>
        new($"'{slice.Key}' is gone or is not what a slice of the scan wrote there. Take the backup again.", innerException);
}
