using System.Buffers;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Snapshots;

/// <summary>
/// Takes the bytes of one shard from a source into the store, once, in bounded memory: checked, digested and indexed on their way. Until the
/// last step nothing is visible under the data key; however the run ends, it leaves no open upload behind if the store can be reached.
/// </summary>
/// <param name="store">Where to.</param>
/// <param name="time">The clock of time limits and durations.</param>
/// <param name="options">Part sizes, segments and limits.</param>
/// <param name="random">Spreads retries of parts; null: the shared one.</param>
public sealed class SnapshotRun(IObjectStore store, TimeProvider time, SnapshotOptions options, Random? random = null)
{
    private readonly Random _random = random ?? Random.Shared;

    /// <exception cref="StoreUnavailableException">
    /// The store failed, or took nothing for <see cref="SnapshotOptions.StoreStallLimit"/> while its buffers were full.
    /// </exception>
    /// <exception cref="TransferCutException">The source broke off.</exception>
    /// <exception cref="TransferStalledException">The source fell silent.</exception>
    /// <exception cref="Rdb.RdbFormatException">What the source sent is not a good RDB file.</exception>
    /// <exception cref="PreconditionFailedException">Something is stored under one of the keys already.</exception>
    public async Task<SnapshotResult> RunAsync(
        ISnapshotSource source, SnapshotKeys keys, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        options.Validate();
        long begin = time.GetTimestamp();

        // The upload first: a store that cannot be written to is found before the source forks for us.
        await using SegmentUploader uploader = await SegmentUploader.BeginAsync(store, keys.Data, options.Upload, time, _random, cancellationToken);
        (SnapshotOrigin origin, IndexedContent content, long foreignKeys) = await TransferAsync(source, uploader, progress, cancellationToken);
        UploadedObject stored = await StoreAsync(uploader, keys, content.Index, cancellationToken);
        return new SnapshotResult
        {
            Origin = origin,
            Content = content,
            DataTag = stored.Tag,
            ForeignKeys = foreignKeys,
            Duration = time.GetElapsedTime(begin),
        };
    }

    /// <summary>
    /// The same into a stream (a local file), with the same checks. What the stream holds counts only if this returns; making it durable is
    /// the caller's.
    /// </summary>
    public static async Task<SnapshotResult> RunAsync(
        ISnapshotSource source,
        Stream destination,
        TimeProvider time,
        SnapshotOptions options,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken)
    {
        options.Validate();
        long begin = time.GetTimestamp();
        await using SnapshotTransfer transfer = await source.OpenAsync(cancellationToken);
        var copy = new SnapshotCopy(destination.WriteAsync, options, time);
        IndexedContent content = await copy.RunAsync(transfer, progress, cancellationToken);
        return new SnapshotResult { Origin = transfer.Origin, Content = content, DataTag = null, Duration = time.GetElapsedTime(begin) };
    }

    /// <summary>Makes both objects, the uploader having taken all of the data, or neither.</summary>
    internal async Task<UploadedObject> StoreAsync(SegmentUploader uploader, SnapshotKeys keys, SegmentIndex index, CancellationToken cancellationToken)
    {
        await StoreIndexAsync(keys.Index, index, cancellationToken);
        UploadedObject? stored = null;
        try
        {
            // The data last: whoever sees it finds its index beside it.
            stored = await uploader.CompleteAsync(WriteCondition.Absent, cancellationToken);
            return stored;
        }
        finally
        {
            if (stored is null)
            {
                await RemoveIndexAsync(keys.Index);
            }
        }
    }

    /// <summary>The source's connection is closed when its data has come, before the store's last acknowledgements.</summary>
    private async Task<(SnapshotOrigin Origin, IndexedContent Content, long ForeignKeys)> TransferAsync(
        ISnapshotSource source, SegmentUploader uploader, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        await using SnapshotTransfer transfer = await source.OpenAsync(cancellationToken);
        var copy = new SnapshotCopy(uploader.AppendAsync, options, time);
        IndexedContent content = await copy.RunAsync(transfer, progress, cancellationToken);
        return (transfer.Origin, content, copy.ForeignKeys);
    }

    internal async Task StoreIndexAsync(ObjectKey key, SegmentIndex index, CancellationToken cancellationToken)
    {
        await using SegmentUploader uploader = await SegmentUploader.BeginAsync(
            store, key, new SegmentUploaderOptions { Parallelism = 1 }, time, _random, cancellationToken);
        var json = new ArrayBufferWriter<byte>();
        index.WriteTo(json);
        await uploader.AppendAsync(json.WrittenMemory, cancellationToken);
        await uploader.CompleteAsync(WriteCondition.Absent, cancellationToken);
    }

    /// <summary>An index without data is of no use to anybody. In a time of its own: the run's token may be the one that was cancelled.</summary>
    private async Task RemoveIndexAsync(ObjectKey key)
    {
        using var limit = new CancellationTokenSource(options.Upload.AbortTimeout, time);
        try
        {
            await store.DeleteAsync(key, limit.Token);
        }
        catch (Exception left) when (left is TransientException or StoreAccessDeniedException or OperationCanceledException)
        {
            // The purge finds it.
        }
    }
}
