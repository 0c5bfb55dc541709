using System.Globalization;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Snapshots;

/// <summary>
/// Where a source leaves the list of its keys for the slices that follow, and they read it, by range and from any place. Memory: the parts of one
/// upload, five of 8 MiB, however long the list is.
/// </summary>
/// <param name="key">Of a list that this call writes: its own. A list that is read says itself where it is.</param>
/// <param name="random">Spreads retries of parts.</param>
public sealed class KeyListStore(IObjectStore store, ObjectKey key, TimeProvider time, Random random)
{
    /// <summary>Writes a list; it is there when the task ends, and not before.</summary>
    /// <param name="next">Gives the next bytes, valid until it is asked again; none: the list has ended.</param>
    /// <returns>The list's beginning.</returns>
    /// <exception cref="StoreUnavailableException">The store failed.</exception>
    /// <exception cref="PreconditionFailedException">Something is stored there already.</exception>
    public async Task<KeyListPosition> WriteAsync(
        Func<CancellationToken, ValueTask<ReadOnlyMemory<byte>>> next, CancellationToken cancellationToken)
    {
        await using SegmentUploader uploader = await SegmentUploader.BeginAsync(
            store, key, new SegmentUploaderOptions(), time, random, cancellationToken);
        var crc = default(CrcRedis64);
        for (ReadOnlyMemory<byte> piece = await next(cancellationToken); !piece.IsEmpty; piece = await next(cancellationToken))
        {
            crc.Update(piece.Span);
            await uploader.AppendAsync(piece, cancellationToken);
        }

        long length = uploader.LengthBytes;
        await uploader.CompleteAsync(WriteCondition.Absent, cancellationToken);
        return new KeyListPosition { Key = key, LengthBytes = length, Crc64 = crc.Value, OffsetBytes = 0, ReadCrc64 = 0 };
    }

    /// <summary>Reads a range of a list.</summary>
    /// <param name="range">Within the list.</param>
    /// <param name="destination">At least as long.</param>
    /// <exception cref="BackupDamagedException">The list is gone, or shorter than it was.</exception>
    public async Task ReadAsync(KeyListPosition list, ByteRange range, Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            await using ObjectContent content = await store.GetAsync(list.Key, range, cancellationToken);
            await content.Stream.ReadExactlyAsync(destination[..(int)range.LengthBytes], cancellationToken);
        }
        catch (Exception e) when (e is EndOfStreamException or ObjectNotFoundException or ArgumentOutOfRangeException)
        {
            throw Damaged(list, e);
        }
    }

    /// <summary>What to throw where a list is not what was written.</summary>
    public static BackupDamagedException Damaged(KeyListPosition list, Exception? innerException = null) => new(
        string.Create(
            CultureInfo.InvariantCulture, $"'{list.Key}' is gone or is not the list of {list.LengthBytes} bytes that was written there. Take the backup again."),
        innerException);
}
