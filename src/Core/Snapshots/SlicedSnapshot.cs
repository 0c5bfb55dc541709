using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Snapshots;

/// <summary>
/// Takes the bytes of one shard in as many calls as it needs. The first is a <see cref="SnapshotRun"/> like any other, and leaves a checkpoint only if it
/// does not come to the end. Each call after it takes the lease, goes on, and leaves a checkpoint again, written after all that it speaks of. A call that
/// dies is repeated from the checkpoint before; what it sent is in nobody's list.
/// </summary>
/// <param name="places">Of this call.</param>
/// <param name="random">Spreads retries of parts; null: the shared one.</param>
public sealed class SlicedSnapshot(IObjectStore store, SliceKeys places, TimeProvider time, SnapshotOptions options, Random? random = null)
{
    private readonly Random _random = random ?? Random.Shared;
    private readonly SliceObjects _slices = new(store, time, random ?? Random.Shared);
    private readonly KeyListStore _lists = new(store, places.List, time, random ?? Random.Shared);

    /// <summary>What the keys are taken of, in a cluster; a checkpoint of another one is not gone on from.</summary>
    public string? Subject { get; init; }

    /// <param name="keys">Where the shard goes if this is its first call.</param>
    /// <returns>Null: another call has to go on.</returns>
    /// <exception cref="NoLongerOwnerException">Another call goes on already.</exception>
    /// <inheritdoc cref="SnapshotRun.RunAsync(ISnapshotSource, SnapshotKeys, IProgress{TransferProgress}?, CancellationToken)"/>
    public async Task<SlicedResult?> RunAsync(
        ISlicedSource source, SnapshotKeys keys, SliceLimit limit, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        options.Validate();
        SnapshotLease? lease = await SnapshotLease.TakeAsync(store, places.Checkpoint, cancellationToken);
        if (lease is null || lease.Checkpoint.IsSpoiled || lease.Checkpoint.Subject != Subject)
        {
            return await BeginAsync(source, keys, limit, lease, progress, cancellationToken);
        }

        try
        {
            SliceContent? whole = lease.Checkpoint.Position is { } position
                ? await ContinueAsync(lease, position, source, limit, progress, cancellationToken)
                : await _slices.ReadAsync(lease.Checkpoint.Slices, null, cancellationToken);
            return whole is null ? null : await FinishAsync(lease, whole, cancellationToken);
        }
        catch (TransferCutException e) when (e.IsOfExchangedData)
        {
            // The same checkpoint would fail every call after this one.
            await lease.CommitAsync(lease.Checkpoint with { IsSpoiled = true }, cancellationToken);
            throw;
        }
    }

    /// <summary>What the calls before have taken counts for nothing from now on: the next one begins anew.</summary>
    public async Task SpoilAsync(CancellationToken cancellationToken)
    {
        if (await SnapshotLease.TakeAsync(store, places.Checkpoint, cancellationToken) is { } lease)
        {
            await lease.CommitAsync(lease.Checkpoint with { IsSpoiled = true }, cancellationToken);
        }
    }

    /// <param name="spoiled">What calls before have left, and is of no use.</param>
    private async Task<SlicedResult?> BeginAsync(
        ISlicedSource source,
        SnapshotKeys keys,
        SliceLimit limit,
        SnapshotLease? spoiled,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken)
    {
        long begin = time.GetTimestamp();
        var run = new SnapshotRun(store, time, options, _random);
        await using SegmentUploader uploader = await SegmentUploader.BeginAsync(store, keys.Data, options.Upload, time, _random, cancellationToken);
        ForeignKeyCount? foreign = options.Slots is { } slots ? new ForeignKeyCount(slots) : null;
        using var indexer = new SegmentIndexer(options.Segments, foreign);
        (SnapshotOrigin origin, ScanHalt? halt) = await TransferAsync(source, limit, null, uploader, indexer, progress, cancellationToken);
        if (halt is null)
        {
            IndexedContent content = indexer.Complete();
            UploadedObject stored = await run.StoreAsync(uploader, keys, content.Index, cancellationToken);
            if (spoiled is not null)
            {
                await DiscardAsync(spoiled.Checkpoint, cancellationToken);
            }

            return new SlicedResult(
                keys,
                new SnapshotResult
                {
                    Origin = origin,
                    Content = content,
                    DataTag = stored.Tag,
                    ForeignKeys = foreign?.Keys ?? 0,
                    Duration = time.GetElapsedTime(begin),
                });
        }

        SuspendedUpload upload = await uploader.SuspendAsync(cancellationToken);
        StoredSlice slice = await _slices.WriteAsync(
            places.Slice, new SliceContent(indexer.Leave(), upload.Tail), halt.Keys, cancellationToken);
        SnapshotCheckpoint checkpoint = new SnapshotCheckpoint
        {
            Lease = spoiled?.Checkpoint.Lease ?? 1,
            Subject = Subject,
            Data = keys.Data,
            Index = keys.Index,
            Upload = string.Empty,
            Parts = [],
            FreeNumber = 1,
            LengthBytes = 0,
            Slices = [slice],
            Position = halt.Position,
        }.With(upload);
        if (spoiled is not null)
        {
            SnapshotCheckpoint before = spoiled.Checkpoint;
            await spoiled.CommitAsync(checkpoint, cancellationToken);
            await store.AbortUploadAsync(before.Data, new UploadId(before.Upload), cancellationToken);
        }
        else if (await SnapshotLease.BeginAsync(store, places.Checkpoint, checkpoint, cancellationToken) is null)
        {
            await store.AbortUploadAsync(keys.Data, upload.Upload, cancellationToken);
        }

        return null;
    }

    /// <summary>Removes what slices have left that nobody goes on from; the checkpoint last, which says where it all is.</summary>
    private async Task DiscardAsync(SnapshotCheckpoint left, CancellationToken cancellationToken)
    {
        await store.AbortUploadAsync(left.Data, new UploadId(left.Upload), cancellationToken);
        foreach (StoredSlice slice in left.Slices)
        {
            await store.DeleteAsync(slice.Key, cancellationToken);
        }

        await store.DeleteAsync(places.Checkpoint, cancellationToken);
    }

    /// <returns>What was taken, if that is everything: the checkpoint says so by then.</returns>
    private async Task<SliceContent?> ContinueAsync(
        SnapshotLease lease,
        ScanPosition position,
        ISlicedSource source,
        SliceLimit limit,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken)
    {
        SnapshotCheckpoint before = lease.Checkpoint;
        RememberedKeys? remembered = position.List is null
            ? new RememberedKeys(Math.Max(position.Report.KeysAtStart, position.FileKeys))
            : null;
        SliceContent content = await _slices.ReadAsync(before.Slices, remembered, cancellationToken);
        await using SegmentUploader uploader = SegmentUploader.Resume(
            store, before.Data, before.ToUpload(content.Tail), lease.Numbers(), options.Upload, time, _random, cancellationToken);
        using var indexer = new SegmentIndexer(options.Segments, content.Indexed);
        (SnapshotOrigin origin, ScanHalt? halt) = await TransferAsync(
            source, limit, new ScanHalt(position, remembered), uploader, indexer, progress, cancellationToken);

        // The file's end is left like any other place: whoever comes after a crash finds either this or the slice before.
        IndexedSoFar indexed = halt is null ? IndexedSoFar.Of(indexer.Complete()) : indexer.Leave();
        SuspendedUpload upload = await uploader.SuspendAsync(cancellationToken);
        var left = new SliceContent(indexed, upload.Tail);
        StoredSlice slice = await _slices.WriteAsync(places.Slice, left, halt?.Keys, cancellationToken);
        await lease.CommitAsync(
            lease.Checkpoint.With(upload) with
            {
                Slices = [.. lease.Checkpoint.Slices, slice],
                Position = halt?.Position,
                Origin = halt is null ? origin : null,
            },
            cancellationToken);
        return halt is null ? left : null;
    }

    /// <summary>Makes the object. Every step may have been done before, by a call that could not say so.</summary>
    private async Task<SlicedResult> FinishAsync(SnapshotLease lease, SliceContent whole, CancellationToken cancellationToken)
    {
        SnapshotCheckpoint checkpoint = lease.Checkpoint;
        IndexedContent content = whole.Indexed.ToContent();
        await using SegmentUploader uploader = SegmentUploader.Resume(
            store, checkpoint.Data, checkpoint.ToUpload(whole.Tail), lease.Numbers(), options.Upload, time, _random, cancellationToken);
        if (await store.HeadAsync(checkpoint.Index, cancellationToken) is null)
        {
            await StoreIndexAsync(checkpoint.Index, content, cancellationToken);
        }

        UploadedObject stored = await uploader.CompleteAsync(WriteCondition.Absent, cancellationToken);
        SnapshotOrigin origin = checkpoint.Origin ?? throw new InvalidOperationException("A file that is whole has an origin.");
        return new SlicedResult(
            new SnapshotKeys(checkpoint.Data, checkpoint.Index),
            new SnapshotResult
            {
                Origin = origin,
                Content = content,
                DataTag = stored.Tag,
                Duration = origin.Scan?.Duration ?? TimeSpan.Zero,
            });
    }

    /// <summary>By whoever comes first: a call beside this one has the same.</summary>
    private async Task StoreIndexAsync(ObjectKey key, IndexedContent content, CancellationToken cancellationToken)
    {
        try
        {
            await new SnapshotRun(store, time, options, _random).StoreIndexAsync(key, content.Index, cancellationToken);
        }
        catch (PreconditionFailedException)
        {
            // It is there.
        }
    }

    /// <summary>The source's connection is closed when its data have come, before the store's last acknowledgements.</summary>
    private async Task<(SnapshotOrigin Origin, ScanHalt? Halt)> TransferAsync(
        ISlicedSource source,
        SliceLimit limit,
        ScanHalt? from,
        SegmentUploader uploader,
        SegmentIndexer indexer,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken)
    {
        await using SnapshotTransfer transfer = await source.OpenAsync(limit, from, _lists, cancellationToken);
        await new SnapshotCopy(uploader.AppendAsync, options, time).RunAsync(transfer, indexer, progress, cancellationToken);
        return (transfer.Origin, transfer.Halt);
    }
}
