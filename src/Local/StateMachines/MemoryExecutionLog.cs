namespace CacheBackup.Local.StateMachines;

/// <summary>Keeps the events in memory: for tests, and for a run that need not outlive the process.</summary>
public sealed class MemoryExecutionLog : IExecutionLog
{
    private readonly Lock _gate = new();
    private readonly List<HistoryEvent> _entries = [];

    /// <summary>The events until now.</summary>
    public IReadOnlyList<HistoryEvent> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries];
            }
        }
    }

    /// <inheritdoc />
    public void Append(HistoryEvent entry)
    {
        lock (_gate)
        {
            _entries.Add(entry);
        }
    }

    /// <inheritdoc />
    public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
