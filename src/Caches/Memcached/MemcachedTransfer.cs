using System.Runtime.ExceptionServices;
using CacheBackup.Core.Memcached;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Memcached;

/// <summary>
/// One dump under way: the list of keys, and the items as it names them. The bill: for each connection its buffer, a block and two batches
/// (under 1 MiB together), 1 MiB of the stream that is not taken yet, and the list on the disk.
/// </summary>
internal sealed class MemcachedTransfer : ProducedTransfer
{
    private readonly MemcachedConnection _listing;
    private readonly IReadOnlyList<MemcachedConnection> _reading;
    private readonly MemcachedServer _before;
    private readonly MemcachedOptions _options;
    private readonly TimeProvider _time;
    private ScanReport? _report;

    /// <param name="listing">For the list of keys and for questions.</param>
    /// <param name="reading">For the items.</param>
    public MemcachedTransfer(
        MemcachedConnection listing, IReadOnlyList<MemcachedConnection> reading, MemcachedServer before, MemcachedOptions options, TimeProvider time)
    {
        _listing = listing;
        _reading = reading;
        _before = before;
        _options = options;
        _time = time;
        Begin();
    }

    public override SnapshotOrigin Origin => new()
    {
        Engine = CacheEngine.Memcached,
        Version = _before.Version,
        RunId = _before.RunId,
        ServerTime = _before.Time,
        ClockOffset = _before.ClockOffset,
        Consistency = SnapshotConsistency.PerItem,
        Method = $"lru_crawler metadump hash, meta gets over {_reading.Count} connections",
        UsedMemoryBytes = _before.UsedBytes,
        Scan = _report,
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
        using var keys = new KeyList(_options.KeyListDirectory);
        await Writer.WriteAsync(ItemStreamWriter.Edge.ToArray(), cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ItemReading> readings = await ReadAsync(keys, cancellationToken).ConfigureAwait(false);
        MemcachedServer after = await MemcachedServer.AskAsync(_listing, cancellationToken).ConfigureAwait(false);
        RequireSame(after);
        _report = new ScanReport
        {
            KeysAtStart = _before.Items,
            KeysAtEnd = after.Items,
            Listed = keys.Count,
            Vanished = readings.Sum(reading => reading.Vanished),
            Unreachable = readings.Sum(reading => reading.Unreachable),
            Repeated = 0,
            Expired = after.Expired - _before.Expired,
            Evicted = after.Evictions - _before.Evictions,
            Duration = _time.GetElapsedTime(begin),
        };
        await Writer.WriteAsync(ItemStreamWriter.Edge.ToArray(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lists the keys and, as they come, reads the items; the first failure ends every connection's part.</summary>
    private async Task<IReadOnlyList<ItemReading>> ReadAsync(KeyList keys, CancellationToken cancellationToken)
    {
        using var sink = new ItemSink(Writer);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ItemReading[] readings = [.. _reading.Select(connection => new ItemReading(connection, keys, sink, _before, _options))];
        Exception? first = null;
        async Task RunAsync(Func<CancellationToken, Task> part)
        {
            try
            {
                await part(stop.Token).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // What comes after the first is its consequence.
                Interlocked.CompareExchange(ref first, e, null);
                await stop.CancelAsync().ConfigureAwait(false);
            }
        }

        IEnumerable<Func<CancellationToken, Task>> parts = [token => ListAsync(keys, token), .. readings.Select(reading => (Func<CancellationToken, Task>)reading.RunAsync)];
        await Task.WhenAll(parts.Select(part => Task.Run(() => RunAsync(part), CancellationToken.None))).ConfigureAwait(false);
        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }

        return readings;
    }

    private async Task ListAsync(KeyList keys, CancellationToken cancellationToken)
    {
        await KeyLister.RunAsync(_listing, keys, _options.BusyPatience, cancellationToken).ConfigureAwait(false);
        keys.Seal();
    }

    private void RequireSame(MemcachedServer after)
    {
        string? what = after switch
        {
            _ when after.RunId != _before.RunId => "is another process than the one whose keys were listed",
            _ when after.Flushes > _before.Flushes => "ran flush_all during the dump",
            _ => null,
        };
        if (what is not null)
        {
            throw new TransferCutException($"{_listing.Endpoint} {what}: items may be missing. Try again.");
        }
    }
}
