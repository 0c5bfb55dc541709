using System.IO.Pipelines;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Scan;

/// <summary>
/// One scan under way. The bill: what is on its way (<see cref="ScanOptions.MaxInFlightBytes"/>, in the kernel and at the server), one value's pieces
/// as they come, 1 MiB of the file that is not taken yet, the remembered keys.
/// </summary>
internal sealed class ScanTransfer : SnapshotTransfer
{
    private const int PauseBytes = 1024 * 1024;

    private readonly RespConnection _connection;
    private readonly ScanContents _contents;
    private readonly ScanOptions _options;
    private readonly TimeProvider _time;
    private readonly ScanPace _pace;
    private readonly LatencyWatch _latency;
    private readonly CancellationTokenSource _leaving = new();
    private readonly Pipe _pipe = new(new PipeOptions(
        pauseWriterThreshold: PauseBytes, resumeWriterThreshold: PauseBytes / 2, minimumSegmentSize: 64 * 1024, useSynchronizationContext: false));

    private readonly Task _scanning;
    private ScanReport? _report;
    private bool _isDisposed;

    public ScanTransfer(RespConnection connection, RespConnection beside, ScanContents contents, ScanOptions options, TimeProvider time)
    {
        _connection = connection;
        _contents = contents;
        _options = options;
        _time = time;
        _pace = new ScanPace(options, time);
        _latency = new LatencyWatch(beside, _pace, options.LatencyInterval);
        _scanning = Task.Run(ScanAsync);
    }

    public override SnapshotOrigin Origin => new()
    {
        Engine = _contents.Greeting.Engine,
        Version = _contents.Greeting.Version,
        RunId = _contents.Greeting.RunId,
        ServerTime = _contents.Greeting.ServerTime,
        ClockOffset = _contents.Greeting.ClockOffset,
        Consistency = SnapshotConsistency.PerKey,
        Method = _contents.Method,
        Scan = _report,
    };

    public override PipeReader Content => _pipe.Reader;

    public override long? LengthBytes => null;

    public override async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _leaving.CancelAsync();
        await _pipe.Reader.CompleteAsync();
        await _scanning;
        await _latency.DisposeAsync();
        await _connection.DisposeAsync();
        _leaving.Dispose();
    }

    /// <summary>Whatever happens, the reader of the file is told: by the end of the pipe, or by what went wrong.</summary>
    private async Task ScanAsync()
    {
        Exception? failure = null;
        try
        {
            await ScanAsync(_leaving.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure = e;
        }

        await _pipe.Writer.CompleteAsync(failure).ConfigureAwait(false);
    }

    private async Task ScanAsync(CancellationToken cancellationToken)
    {
        long begin = _time.GetTimestamp();
        ScanGreeting before = _contents.Greeting;
        RdbVersion version = _contents.Functions is { } payload ? FunctionPayload.VersionOf(payload.Span) : before.UsualRdbVersion;
        var file = new ScanFile(_pipe.Writer, version);
        file.Begin(before, _contents.Functions);
        var keys = new KeyScan(
            _connection, file, before, _options, _pace, new RememberedKeys(before.Keys), new KeyHash());
        foreach ((int number, long count, long expiring) in before.Databases)
        {
            file.BeginDatabase(number, count, expiring);
            await keys.RunAsync(number, cancellationToken).ConfigureAwait(false);
        }

        ScanGreeting after = await ScanGreeting.AskAsync(_connection, cancellationToken).ConfigureAwait(false);
        RequireSame(before, after);
        _report = new ScanReport
        {
            KeysAtStart = before.Keys,
            KeysAtEnd = after.Keys,
            Vanished = keys.Vanished,
            Repeated = keys.Repeated,
            ForeignKeys = keys.Foreign > 0 ? keys.Foreign : null,
            Expired = after.ExpiredKeys - before.ExpiredKeys,
            Evicted = after.EvictedKeys - before.EvictedKeys,
            Duration = _time.GetElapsedTime(begin),
            FunctionsUnknown = _contents.FunctionsUnknown,
            Modules = _contents.Modules,
            ApproximateExpiries = !before.HasSevensCommands,
        };
        await file.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private void RequireSame(ScanGreeting before, ScanGreeting after)
    {
        string? what = after switch
        {
            _ when after.RunId != before.RunId => "is another process than the one whose keys were scanned",
            _ when after.ReplicationId != before.ReplicationId => "follows another primary, or took its data anew, since the scan began",
            _ when after.Upheavals > before.Upheavals => "ran FLUSHALL, FLUSHDB or SWAPDB during the scan",
            _ => null,
        };
        if (what is not null)
        {
            throw new TransferCutException($"{_connection.Endpoint} {what}: keys may be missing. Try again.");
        }
    }
}
