using System.Globalization;
using System.IO.Pipelines;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Snapshots;

/// <summary>Streams one transfer once: through the indexer, which checks and digests it, into a sink.</summary>
/// <param name="sink">Takes the next bytes; they may be reused when the task completes.</param>
internal sealed class SnapshotCopy(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, SnapshotOptions options, TimeProvider time)
{
    /// <summary>How often progress is told, in bytes.</summary>
    private const long ProgressBytes = 1024 * 1024;

    private readonly ForeignKeyCount? _foreign = options.Slots is { } slots ? new ForeignKeyCount(slots) : null;

    /// <summary>Keys of slots that the shard does not own; known at the end.</summary>
    public long ForeignKeys => _foreign?.Keys ?? 0;

    public async Task<IndexedContent> RunAsync(
        SnapshotTransfer transfer, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        RdbMagic magic = transfer.Origin.Engine == CacheEngine.Memcached ? RdbMagic.Memcached : RdbMagic.Redis;
        using var indexer = new SegmentIndexer(options.Segments with { Magic = magic }, options.DecodeValues ? new ValueCheck() : _foreign);
        await RunAsync(transfer, indexer, progress, cancellationToken);
        return indexer.Complete();
    }

    /// <summary>The same with an indexer that the caller completes, or leaves where the transfer was left.</summary>
    public async Task RunAsync(
        SnapshotTransfer transfer, SegmentIndexer indexer, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using ITimer timer = time.CreateTimer(
            static state => ((CancellationTokenSource)state!).Cancel(), stall, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        long reported = indexer.OffsetBytes;
        while (true)
        {
            ReadResult read = await transfer.Content.ReadAsync(cancellationToken);
            foreach (ReadOnlyMemory<byte> chunk in read.Buffer)
            {
                indexer.Append(chunk.Span);
                await GiveAsync(chunk, timer, stall.Token, cancellationToken);
            }

            transfer.Content.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }

            if (indexer.OffsetBytes - reported >= ProgressBytes)
            {
                reported = indexer.OffsetBytes;
                progress?.Report(new TransferProgress(indexer.OffsetBytes, transfer.LengthBytes, indexer.Keys));
            }
        }

        long? length = transfer.Halt is null ? indexer.OffsetBytes : null;
        progress?.Report(new TransferProgress(indexer.OffsetBytes, transfer.LengthBytes ?? length, indexer.Keys));
    }

    /// <summary>While the sink takes nothing the source stays unread, and a server does not stand that for long.</summary>
    private async ValueTask GiveAsync(ReadOnlyMemory<byte> chunk, ITimer timer, CancellationToken stall, CancellationToken cancellationToken)
    {
        ValueTask given = sink(chunk, stall);
        if (given.IsCompletedSuccessfully)
        {
            return;
        }

        timer.Change(options.StoreStallLimit, Timeout.InfiniteTimeSpan);
        try
        {
            await given;
        }
        catch (OperationCanceledException e) when (stall.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            string limit = options.StoreStallLimit.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
            throw new StoreUnavailableException(
                $"The store took nothing for {limit} s and all buffers are full; the source must not be left unread for longer. Try again.", e);
        }
        finally
        {
            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
