namespace CacheBackup.Local.StateMachines;

/// <summary>Where the events of one execution go, in order.</summary>
public interface IExecutionLog
{
    /// <summary>Takes the next event. Called under a lock, never twice at once. It must survive the end of the process, but not yet of the machine.</summary>
    /// <exception cref="IOException">It could not be kept; the execution cannot go on.</exception>
    void Append(HistoryEvent entry);

    /// <summary>Returns once every event appended before survives the end of the machine too.</summary>
    /// <exception cref="IOException">It could not be kept; the execution cannot go on.</exception>
    ValueTask FlushAsync(CancellationToken cancellationToken);
}
