using System.Buffers;
using System.Security.Cryptography;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;

namespace CacheBackup.Core.Storage;

/// <summary>
/// Copies objects between two stores, or within one: by the stores themselves where they can, else as a bounded stream; and never
/// without comparing the copy's SHA-256 with the recorded one.
/// </summary>
/// <param name="source">Where from.</param>
/// <param name="target">Where to; it may be the same store.</param>
/// <param name="time">The clock of retries.</param>
public sealed class ObjectCopy(IObjectStore source, IObjectStore target, TimeProvider time)
{
    private const int BufferBytes = 1024 * 1024;

    /// <summary>
    /// Copies one object. Nothing is visible under <paramref name="key"/> before the copy is whole; one whose digest is another is taken
    /// away again.
    /// </summary>
    /// <param name="sourceKey">The object; nobody changes it meanwhile.</param>
    /// <param name="lengthBytes">Its recorded length, at least 1.</param>
    /// <param name="sha256">The recorded SHA-256; null: not recorded, and only the two ends are compared.</param>
    /// <param name="key">Where to; nothing may be there.</param>
    /// <param name="progress">Is told bytes.</param>
    /// <exception cref="BackupDamagedException">What the source holds, or what arrived, is not what was recorded.</exception>
    /// <exception cref="PreconditionFailedException">There is an object of that key already; it was left as it is.</exception>
    public async Task<CopyProof> RunAsync(
        ObjectKey sourceKey,
        long lengthBytes,
        Sha256Digest? sha256,
        ObjectKey key,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lengthBytes, 1);
        await RequireLengthAsync(sourceKey, lengthBytes, cancellationToken);
        if (target is IServerSideCopy able
            && await able.TryCopyAsync(
                RoutedObjectStore.Holding(source, sourceKey), sourceKey, lengthBytes, key, cancellationToken) is { } copied)
        {
            progress?.Report(new TransferProgress(lengthBytes, lengthBytes, 0));
            return await ProveAsync(copied, sourceKey, lengthBytes, sha256, key, cancellationToken);
        }

        await StreamAsync(sourceKey, lengthBytes, sha256, key, progress, cancellationToken);
        return CopyProof.Streamed;
    }

    /// <summary>Reads an object to its end.</summary>
    /// <exception cref="BackupDamagedException">It has another length.</exception>
    public static async Task<Sha256Digest> DigestAsync(
        IObjectStore store, ObjectKey key, long lengthBytes, TimeProvider time, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await ReadAsync(
            store,
            key,
            lengthBytes,
            time,
            (bytes, _) =>
            {
                hash.AppendData(bytes.Span);
                return ValueTask.CompletedTask;
            },
            cancellationToken);
        return hash.Finish();
    }

    private async Task RequireLengthAsync(ObjectKey sourceKey, long lengthBytes, CancellationToken cancellationToken)
    {
        ObjectSummary found = await source.HeadAsync(sourceKey, cancellationToken)
            ?? throw new BackupDamagedException($"The object '{sourceKey}' is gone. Verify the backup.");
        if (found.LengthBytes != lengthBytes)
        {
            throw new BackupDamagedException(
                $"'{sourceKey}' has {found.LengthBytes} bytes, and {lengthBytes} were recorded. Verify the backup; it is not copied.");
        }
    }

    private async Task<CopyProof> ProveAsync(
        ServerSideCopy copied, ObjectKey sourceKey, long lengthBytes, Sha256Digest? sha256, ObjectKey key, CancellationToken cancellationToken)
    {
        Sha256Digest expected = sha256 ?? await DigestAsync(source, sourceKey, lengthBytes, time, cancellationToken);
        bool byStore = Sha256Digest.TryParse(copied.Sha256, out Sha256Digest found);
        if (!byStore)
        {
            found = await DigestAsync(target, key, lengthBytes, time, cancellationToken);
        }

        if (found != expected)
        {
            await target.DeleteAsync(key, cancellationToken);
            throw Different(sourceKey, found, expected);
        }

        return byStore ? CopyProof.StoreChecksum : CopyProof.ReadBack;
    }

    private async Task StreamAsync(
        ObjectKey sourceKey,
        long lengthBytes,
        Sha256Digest? sha256,
        ObjectKey key,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using SegmentUploader uploader = await SegmentUploader.BeginAsync(
            target, key, new SegmentUploaderOptions { EstimateBytes = lengthBytes }, time, Random.Shared, cancellationToken);
        await ReadAsync(
            source,
            sourceKey,
            lengthBytes,
            time,
            async (bytes, token) =>
            {
                hash.AppendData(bytes.Span);
                await uploader.AppendAsync(bytes, token);
                progress?.Report(new TransferProgress(uploader.LengthBytes, lengthBytes, 0));
            },
            cancellationToken);
        if (sha256 is { } expected && hash.Finish() is var found && found != expected)
        {
            // Disposing the uploader gives the upload up: nothing was ever visible.
            throw Different(sourceKey, found, expected);
        }

        await uploader.CompleteAsync(WriteCondition.Absent, cancellationToken);
    }

    /// <summary>Gives an object's bytes to <paramref name="sink"/>, in order, taken up again where the store breaks off.</summary>
    internal static async Task ReadAsync(
        IObjectStore store,
        ObjectKey key,
        long lengthBytes,
        TimeProvider time,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink,
        CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await using var download = new RangeDownload(store, key, new ByteRange(0, lengthBytes), lengthBytes, time);
            while (download.RemainingBytes > 0)
            {
                Memory<byte> bytes = buffer.AsMemory(0, (int)Math.Min(BufferBytes, download.RemainingBytes));
                await download.FillAsync(bytes, cancellationToken);
                await sink(bytes, cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static BackupDamagedException Different(ObjectKey sourceKey, Sha256Digest found, Sha256Digest expected) => new(
        $"The copy of '{sourceKey}' has the SHA-256 {found}, recorded is {expected}: nothing was kept of it. Verify the backup.");
}
