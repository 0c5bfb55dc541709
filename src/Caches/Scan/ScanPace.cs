namespace CacheBackup.Caches.Scan;

/// <summary>
/// How much a scan asks for at a time. The server's latency, measured beside it, halves that when it passes the limit twice in a row, and adds pauses; once
/// may be anybody's doing, a fork's or the network's. The size of the values bounds it from above: a server builds all that it was asked for, whether or
/// not anybody reads it, so each database begins with one key, and as many more as have come.
/// </summary>
/// <param name="averageBytes">What a value has, by those that were taken before; 0: not known.</param>
internal sealed class ScanPace(ScanOptions options, TimeProvider time, double averageBytes = 0)
{
    private const int Step = 64;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    private readonly long _begin = time.GetTimestamp();
    private readonly Lock _changing = new();
    private int _allowed = ScanOptions.MostInFlight;
    private TimeSpan _pause;
    private bool _wasLate;
    private long _keys;
    private int _answered = averageBytes > 0 ? ScanOptions.KeysAtOnce : 0;
    private int _values;

    /// <summary>What a value has.</summary>
    public double AverageBytes { get; private set; } = averageBytes;

    /// <summary>Keys that may be on their way at a time, at least one.</summary>
    public int Window
    {
        get
        {
            double byBytes = options.MaxInFlightBytes / Math.Max(1, AverageBytes);
            lock (_changing)
            {
                return (int)Math.Clamp(byBytes, 1, Math.Min(_allowed, _answered + 1));
            }
        }
    }

    /// <summary>Zero while the server is quick.</summary>
    public TimeSpan Pause
    {
        get
        {
            lock (_changing)
            {
                return _pause;
            }
        }
    }

    /// <summary>How long the server took to answer another connection.</summary>
    public void Observe(TimeSpan latency)
    {
        lock (_changing)
        {
            bool isLate = latency > options.LatencyLimit;
            if (isLate && _wasLate)
            {
                _allowed = Math.Max(ScanOptions.KeysAtOnce, _allowed / 2);
                _pause = _pause == TimeSpan.Zero ? FirstPause : Min(_pause * 2, LongestPause);
            }
            else if (!isLate)
            {
                _allowed = Math.Min(ScanOptions.MostInFlight, _allowed + Step);
                _pause = _pause <= FirstPause ? TimeSpan.Zero : _pause / 2;
            }

            _wasLate = isLate;
        }
    }

    /// <summary>Another database may have values of quite another size.</summary>
    public void BeginDatabase() => (_answered, _values) = (0, 0);

    /// <summary>One value has come.</summary>
    public void Count(long bytes)
    {
        const int Remembered = 64;
        _keys++;
        _values = Math.Min(_values + 1, Remembered);
        AverageBytes += (bytes - AverageBytes) / _values;
        CountVanished();
    }

    /// <summary>A key was gone: that tells nothing of the size of values.</summary>
    public void CountVanished() => _answered = Math.Min(_answered + 1, ScanOptions.MostInFlight);

    /// <summary>Waits as long as the latency and the limit of keys ask for.</summary>
    public ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait = Pause;
        if (options.MaxKeysPerSecond is { } rate)
        {
            TimeSpan due = TimeSpan.FromSeconds((double)_keys / rate);
            wait = due - time.GetElapsedTime(_begin) is var left && left > wait ? left : wait;
        }

        return wait > TimeSpan.Zero ? new ValueTask(Task.Delay(wait, time, cancellationToken)) : ValueTask.CompletedTask;
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
