using CacheBackup.Core.Memcached;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Memcached;

/// <summary>
/// One slice of a dump under way: the list of keys, the items as it names them, or both. The bill: for each connection its buffer, a block and two
/// batches (under 1 MiB together), 1 MiB of the stream that is not taken yet; the list on the disk, or two blocks of one that is in the store.
/// </summary>
internal sealed class MemcachedTransfer : ProducedTransfer
{
    private readonly MemcachedConnection _listing;
    private readonly IReadOnlyList<MemcachedConnection> _reading;
    private readonly MemcachedSlice _slice;
    private readonly MemcachedOptions _options;
    private readonly TimeProvider _time;
    private ScanReport? _report;
    private ScanHalt? _halt;

    /// <param name="listing">For the list of keys and for questions.</param>
    /// <param name="reading">For the items.</param>
    public MemcachedTransfer(
        MemcachedConnection listing, IReadOnlyList<MemcachedConnection> reading, MemcachedSlice slice, MemcachedOptions options, TimeProvider time)
    {
        (_listing, _reading, _slice, _options, _time) = (listing, reading, slice, options, time);
        Begin();
    }

    /// <summary>As the first slice found the node.</summary>
    public override SnapshotOrigin Origin => (_slice.From?.Origin ?? FirstOrigin) with { Scan = _report };

    public override ScanHalt? Halt => _halt;

    private SnapshotOrigin FirstOrigin => new()
    {
        Engine = CacheEngine.Memcached,
        Version = _slice.Before.Version,
        RunId = _slice.Before.RunId,
        ServerTime = _slice.Before.Time,
        ClockOffset = _slice.Before.ClockOffset,
        Consistency = SnapshotConsistency.PerItem,
        Method = $"lru_crawler metadump hash, meta gets over {_reading.Count} connections",
        UsedMemoryBytes = _slice.Before.UsedBytes,
    };

    protected override async ValueTask CloseAsync()
    {
        foreach (MemcachedConnection connection in _reading.Append(_listing))
        {
            await connection.DisposeAsync();
        }
    }

    protected override async Task ProduceAsync(CancellationToken cancellationToken)
    {
        long begin = _time.GetTimestamp();
        using var sink = new ItemSink(Writer);
        if (_slice.From is null)
        {
            await sink.WriteAsync(ItemStreamWriter.Edge.ToArray(), cancellationToken).ConfigureAwait(false);
        }

        var dump = new ItemDump(_listing, _reading, sink, _slice, _options);
        ItemDumpResult taken = await dump.RunAsync(cancellationToken).ConfigureAwait(false);
        MemcachedServer after = await MemcachedServer.AskAsync(_listing, cancellationToken).ConfigureAwait(false);
        if (after.FindUpheaval(_slice.Before.RunId, _slice.Before.Flushes) is { } upheaval)
        {
            throw new TransferCutException($"{_listing.Endpoint} {upheaval}: items may be missing. Try again.");
        }

        ScanReport report = Count(taken, after, begin);
        if (taken.Left is { } left)
        {
            _halt = new ScanHalt(PositionOf(taken, after, report, left, sink.Bytes), Keys: null);
            return;
        }

        _report = report;
        await sink.WriteAsync(ItemStreamWriter.Edge.ToArray(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>All slices up to here together.</summary>
    private ScanReport Count(ItemDumpResult taken, MemcachedServer after, long begin)
    {
        ScanPosition? from = _slice.From;
        MemcachedServer before = _slice.Before;
        ScanReport? earlier = from?.Report;
        return new ScanReport
        {
            KeysAtStart = earlier?.KeysAtStart ?? before.Items,
            KeysAtEnd = after.Items,
            Listed = (earlier?.Listed ?? 0) + taken.Listed,
            Vanished = (earlier?.Vanished ?? 0) + taken.Vanished,
            Unreachable = (earlier?.Unreachable ?? 0) + taken.Unreachable,
            Repeated = 0,

            // Also what went between two slices. Somebody may set the counters back meanwhile (stats reset).
            Expired = (earlier?.Expired ?? 0) + Math.Max(0, after.Expired - (from?.ExpiredKeys ?? before.Expired)),
            Evicted = (earlier?.Evicted ?? 0) + Math.Max(0, after.Evictions - (from?.EvictedKeys ?? before.Evictions)),
            Duration = from is null ? _time.GetElapsedTime(begin) : after.Time - from.Origin.ServerTime,
            Slices = from is null && taken.Left is null ? null : (earlier?.Slices ?? 0) + 1,
        };
    }

    private ScanPosition PositionOf(ItemDumpResult taken, MemcachedServer after, ScanReport report, KeyListPosition left, long bytes) => new()
    {
        Origin = Origin,
        Report = report,
        Endpoint = _listing.Endpoint.ToString(),
        RunId = after.RunId,
        Upheavals = after.Flushes,
        ExpiredKeys = after.Expired,
        EvictedKeys = after.Evictions,
        Databases = [],
        Finished = 0,
        Cursor = string.Empty,
        List = left,
        Secret = [],
        PayloadVersion = RdbVersion.ItemStream.ToString(),
        FileBytes = (_slice.From?.FileBytes ?? 0) + bytes,
        FileKeys = (_slice.From?.FileKeys ?? 0) + taken.Written,
        FileCrc64 = 0,
    };
}
