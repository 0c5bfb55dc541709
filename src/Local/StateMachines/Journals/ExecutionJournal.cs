namespace CacheBackup.Local.StateMachines.Journals;

/// <summary>
/// The events of one execution in a file. An appended event is the operating system's at once (it survives <c>kill -9</c>); a flush
/// makes all that was appended before it durable, and one flush serves everyone who waits for one.
/// </summary>
internal sealed class ExecutionJournal : IExecutionLog, IDisposable
{
    private readonly FileStream _file;
    private readonly bool _isDurable;
    private readonly SemaphoreSlim _flushing = new(1, 1);
    private long _length;
    private long _durableLength;
    private IOException? _failure;

    private ExecutionJournal(FileStream file, long length, bool isDurable)
    {
        _file = file;
        _length = length;
        _durableLength = 0;
        _isDurable = isDurable;
    }

    /// <summary>Opens a journal to go on after its whole part; a torn tail is cut off.</summary>
    public static ExecutionJournal Open(string path, long wholeLength, bool isDurable)
    {
        FileStream file = DurableFiles.Open(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        try
        {
            file.SetLength(wholeLength);
            return new ExecutionJournal(file, wholeLength, isDurable);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Append(HistoryEvent entry)
    {
        if (_failure is not null)
        {
            throw new IOException(_failure.Message, _failure);
        }

        ReadOnlyMemory<byte> line = JournalLine.Encode(entry);
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, line.Span, _length);
        }
        catch (IOException failure)
        {
            // Invariant: nothing is appended after a line that may be torn.
            _failure = failure;
            throw;
        }

        Volatile.Write(ref _length, _length + line.Length);
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        long wanted = Volatile.Read(ref _length);
        if (!_isDurable || Volatile.Read(ref _durableLength) >= wanted)
        {
            return;
        }

        await _flushing.WaitAsync(cancellationToken);
        try
        {
            if (_durableLength < wanted)
            {
                long written = Volatile.Read(ref _length);
                RandomAccess.FlushToDisk(_file.SafeFileHandle);
                Volatile.Write(ref _durableLength, written);
            }
        }
        catch (IOException failure)
        {
            // A flush that failed may have lost what it should have kept; the next one would not say so.
            _failure = failure;
            throw;
        }
        finally
        {
            _flushing.Release();
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _flushing.Dispose();
    }
}
