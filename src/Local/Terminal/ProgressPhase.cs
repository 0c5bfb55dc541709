using CacheBackup.Core.Operations;

namespace CacheBackup.Local.Terminal;

/// <summary>
/// Shows how far one phase of a command has come. On a terminal one line is redrawn five times a second; elsewhere a line is written every
/// five seconds. Any number of lanes may report at once.
/// </summary>
internal sealed class ProgressPhase : IProgress<TransferProgress>, IAsyncDisposable
{
    private const string EraseLine = "\r\u001b[K";
    private static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);

    private readonly ToolConsole _console;
    private readonly string _activity;
    private readonly long? _totalBytes;
    private readonly ProgressSpeed _speed;
    private readonly ITimer _timer;
    private readonly long _began;
    private readonly Lock _gate = new();
    private readonly List<TransferProgress> _lanes = [];
    private bool _isDrawn;
    private bool _isOver;

    public ProgressPhase(ToolConsole console, string activity, long? totalBytes)
    {
        _console = console;
        _activity = activity;
        _totalBytes = totalBytes;
        _speed = new ProgressSpeed(console.Time);
        _began = console.Time.GetTimestamp();
        _speed.Sample(0);
        TimeSpan interval = console.IsTerminal ? TerminalInterval : PlainInterval;
        _timer = console.Time.CreateTimer(static phase => ((ProgressPhase)phase!).Draw(), this, interval, interval);
    }

    /// <summary>The whole phase in one lane.</summary>
    public void Report(TransferProgress value) => Report(0, value);

    /// <summary>One of several lanes, each of which reports its own.</summary>
    /// <param name="lane">From 0.</param>
    public IProgress<TransferProgress> Lane(int lane) => new LaneProgress(this, lane);

    /// <summary>The phase has come to its good end: writes the line that stays.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            Erase();
            _isOver = true;
            _console.Error.WriteLine(ProgressLine.Finished(_activity, Sum(), _console.Time.GetElapsedTime(_began)));
        }
    }

    /// <summary>Without <see cref="Complete"/>: the line goes, and what went wrong is told by others.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        lock (_gate)
        {
            Erase();
            _isOver = true;
        }
    }

    private void Report(int lane, TransferProgress value)
    {
        lock (_gate)
        {
            while (_lanes.Count <= lane)
            {
                _lanes.Add(default);
            }

            _lanes[lane] = value;
        }
    }

    private void Draw()
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            TransferProgress done = Sum();
            int width = _console.IsTerminal ? Math.Max(20, _console.Width() - 1) : 0;
            string line = ProgressLine.Running(_activity, done, _speed.Sample(ProgressLine.IsInBytes(done) ? done.Bytes : done.Keys), width, _console.IsUnicode);
            if (_console.IsTerminal)
            {
                _console.Error.Write(EraseLine + line);
                _console.Error.Flush();
                _isDrawn = true;
            }
            else
            {
                _console.Error.WriteLine(line);
            }
        }
    }

    private void Erase()
    {
        if (_isDrawn)
        {
            _console.Error.Write(EraseLine);
            _isDrawn = false;
        }
    }

    private TransferProgress Sum()
    {
        long bytes = 0;
        long keys = 0;
        long? total = _totalBytes;
        foreach (TransferProgress lane in _lanes)
        {
            bytes += lane.Bytes;
            keys += lane.Keys;
            total = _totalBytes ?? lane.TotalBytes;
        }

        return new TransferProgress(bytes, total, keys);
    }

    private sealed class LaneProgress(ProgressPhase phase, int lane) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => phase.Report(lane, value);
    }
}
