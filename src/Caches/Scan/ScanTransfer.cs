using System.Security.Cryptography;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Scan;

/// <summary>
/// One scan under way. The bill: what is on its way (<see cref="ScanOptions.MaxInFlightBytes"/>, in the kernel and at the server), one value's pieces
/// as they come, 1 MiB of the file that is not taken yet, the remembered keys; of a value in pieces one answer, what is remembered of it, and the spool on the disk.
/// </summary>
internal sealed class ScanTransfer : ProducedTransfer
{
    private readonly RespConnection _connection;
    private readonly ScanContents _contents;
    private readonly SliceLimit _slice;
    private readonly ScanHalt? _from;
    private readonly ScanOptions _options;
    private readonly TimeProvider _time;
    private readonly ScanPace _pace;
    private readonly LatencyWatch _latency;
    private ScanReport? _report;
    private ScanHalt? _halt;

    public ScanTransfer(
        RespConnection connection,
        RespConnection beside,
        ScanContents contents,
        SliceLimit slice,
        ScanHalt? from,
        ScanOptions options,
        TimeProvider time)
    {
        (_connection, _contents, _slice, _from, _options, _time) = (connection, contents, slice, from, options, time);
        _pace = new ScanPace(options, time, AverageBytesOf(from));
        _latency = new LatencyWatch(beside, _pace, options.LatencyInterval);
        Begin();
    }

    public override SnapshotOrigin Origin => _contents.Origin with { Scan = _report };

    public override ScanHalt? Halt => _halt;

    protected override async ValueTask CloseAsync()
    {
        await _latency.DisposeAsync();
        await _connection.DisposeAsync();
    }

    protected override async Task ProduceAsync(CancellationToken cancellationToken)
    {
        long begin = _time.GetTimestamp();
        ScanGreeting before = _contents.Greeting;
        ScanFile file = Open();
        KeyHash hash = new(_from?.Position.Secret ?? RandomNumberGenerator.GetBytes(KeyHash.SecretBytes));
        RememberedKeys remembered = _from?.Keys ?? new RememberedKeys(before.Keys);
        using PieceReading? pieces = _options.Pieces is { } marked ? new PieceReading(_connection, file, before, marked, hash) : null;
        var keys = new KeyScan(_connection, file, before, _options, _pace, remembered, hash, _slice, pieces);
        IReadOnlyList<ScannedDatabase> databases = _from?.Position.Databases ?? before.Databases;
        int finished = _from?.Position.Finished ?? 0;
        string? cursor = _from is { } from && from.Position.RunId == before.RunId ? from.Position.Cursor : null;
        while (finished < databases.Count)
        {
            file.BeginDatabase(databases[finished]);
            cursor = await keys.RunAsync(databases[finished].Number, cursor, cancellationToken).ConfigureAwait(false);
            if (cursor is not null)
            {
                break;
            }

            finished++;
        }

        ScanGreeting after = await ScanGreeting.AskAsync(_connection, cancellationToken).ConfigureAwait(false);
        RequireSame(before, after);
        ScanReport report = Count(keys, before, after, begin, isLeft: cursor is not null);
        if (cursor is null)
        {
            _report = report;
            await file.CompleteAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        _halt = new ScanHalt(PositionOf(file, after, report, hash, databases, finished, cursor), remembered);
        await file.LeaveAsync(cancellationToken).ConfigureAwait(false);
    }

    private ScanFile Open()
    {
        if (_from is not null)
        {
            return new ScanFile(Writer, _from.Position);
        }

        ScanGreeting greeting = _contents.Greeting;
        RdbVersion version = _contents.Functions is { } payload ? FunctionPayload.VersionOf(payload.Span) : greeting.UsualRdbVersion;
        var file = new ScanFile(Writer, version);
        file.Begin(greeting, _contents.Functions);
        return file;
    }

    private ScanReport Count(KeyScan keys, ScanGreeting before, ScanGreeting after, long begin, bool isLeft)
    {
        ScanReport earlier = _contents.Report;
        return earlier with
        {
            KeysAtEnd = after.Keys,
            Vanished = earlier.Vanished + keys.Vanished,
            Repeated = earlier.Repeated + keys.Repeated,
            ForeignKeys = (earlier.ForeignKeys ?? 0) + keys.Foreign is > 0 and var foreign ? foreign : null,
            Expired = earlier.Expired + ScanGreeting.Since(before.ExpiredKeys, after.ExpiredKeys),
            Evicted = earlier.Evicted + ScanGreeting.Since(before.EvictedKeys, after.EvictedKeys),
            Duration = _from is null ? _time.GetElapsedTime(begin) : after.ServerTime - _contents.Origin.ServerTime,
            Slices = _from is null && !isLeft ? null : (earlier.Slices ?? 0) + 1,
        };
    }

    private ScanPosition PositionOf(
        ScanFile file, ScanGreeting after, ScanReport report, KeyHash hash, IReadOnlyList<ScannedDatabase> databases, int finished, string cursor)
    {
        RdbWriterPosition position = file.Position;
        return new ScanPosition
        {
            Origin = _contents.Origin,
            Report = report,
            Endpoint = _connection.Endpoint.ToString(),
            RunId = after.RunId,
            ReplicationId = after.ReplicationId,
            Upheavals = after.Upheavals,
            Commands = after.Commands,
            Loaded = after.Loaded,
            Counted = after.Databases,
            ExpiredKeys = after.ExpiredKeys,
            EvictedKeys = after.EvictedKeys,
            Databases = databases,
            Finished = finished,
            Cursor = cursor,
            Secret = hash.Secret,
            PayloadVersion = file.Version.ToString(),
            FileBytes = position.SizeBytes,
            FileKeys = position.Keys,
            FileCrc64 = position.Crc64,
            FileDatabase = position.Database,
        };
    }

    /// <summary>What the values before have taught about how much to ask for at a time.</summary>
    private static double AverageBytesOf(ScanHalt? from) => from?.Position is { FileKeys: > 0 } position ? (double)position.FileBytes / position.FileKeys : 0;

    private void RequireSame(ScanGreeting before, ScanGreeting after)
    {
        if (after.RunId != before.RunId)
        {
            throw new TransferCutException($"{_connection.Endpoint} is another process than the one whose keys were scanned: keys may be missing. Try again.");
        }

        NodeState.Of(before).RequireSameData(_connection.Endpoint, NodeState.Of(after));
    }
}
