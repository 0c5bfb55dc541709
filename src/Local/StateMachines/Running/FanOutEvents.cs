namespace CacheBackup.Local.StateMachines.Running;

/// <summary>How the history tells of a Map or of a Parallel; only a Map's iterations have events of their own.</summary>
internal sealed record FanOutEvents(
    HistoryEventType Started, HistoryEventType Succeeded, HistoryEventType Failed, bool HasLength, string? IterationName)
{
    public static readonly FanOutEvents Parallel = new(
        HistoryEventType.ParallelStateStarted, HistoryEventType.ParallelStateSucceeded, HistoryEventType.ParallelStateFailed, false, null);

    public static FanOutEvents Map(string name) => new(
        HistoryEventType.MapStateStarted, HistoryEventType.MapStateSucceeded, HistoryEventType.MapStateFailed, true, name);
}
