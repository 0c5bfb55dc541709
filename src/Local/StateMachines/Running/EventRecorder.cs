namespace CacheBackup.Local.StateMachines.Running;

/// <summary>Numbers and dates the events of one execution and hands them to its log, in order, from any strand.</summary>
internal sealed class EventRecorder(IExecutionLog log, TimeProvider clock, long lastId)
{
    /// <summary>Step Functions' quota. The last event is the one by which the execution ends.</summary>
    public const int MaximumEvents = 25_000;

    private readonly Lock _gate = new();
    private long _lastId = lastId;

    /// <exception cref="HistoryFullException">Only the event by which the execution ends has a place left.</exception>
    /// <exception cref="ReplayMismatchException">The strand has recorded events left that did not happen now.</exception>
    /// <exception cref="LogUnavailableException">The log could not keep it.</exception>
    public HistoryEvent Record(Frame frame, HistoryEvent entry)
    {
        if (frame.IsReplaying)
        {
            throw new ReplayMismatchException($"the next recorded event is {frame.NextRecorded}, but the definition leads to {entry.Type}");
        }

        lock (_gate)
        {
            if (_lastId + 1 >= MaximumEvents && !EventTypes.IsExecutionEnd(entry.Type))
            {
                throw new HistoryFullException();
            }

            HistoryEvent numbered = entry with
            {
                Id = _lastId + 1,
                PreviousId = frame.LastEventId,
                Timestamp = Timestamps.ToMilliseconds(clock.GetUtcNow()),
                Frame = frame.Id,
            };
            try
            {
                log.Append(numbered);
            }
            catch (IOException reason)
            {
                throw new LogUnavailableException(reason);
            }

            _lastId = numbered.Id;
            frame.LastEventId = numbered.Id;
            return numbered;
        }
    }

    /// <exception cref="LogUnavailableException">The log could not make it durable.</exception>
    public async Task FlushAsync()
    {
        try
        {
            await log.FlushAsync(CancellationToken.None);
        }
        catch (IOException reason)
        {
            throw new LogUnavailableException(reason);
        }
    }
}
