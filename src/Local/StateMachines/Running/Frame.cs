using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.StateMachines.Running;

/// <summary>
/// One strand of a running execution, with what is still to be replayed of it: the events that were recorded in its unfinished state
/// before the host stopped. Used by one task at a time.
/// </summary>
internal sealed class Frame(HistoryFrame id, long lastEventId, MapItem? item, FrameReplay? replay)
{
    private readonly Queue<HistoryEvent> _pending = new(replay?.Current ?? []);

    public HistoryFrame Id { get; } = id;

    public MapItem? Item { get; } = item;

    /// <summary>The last state that was finished before the host stopped.</summary>
    public StateOutcome? LastExit { get; } = replay?.LastExit;

    public long LastEventId { get; set; } = replay?.LastEventId ?? lastEventId;

    /// <summary>Whether recorded events are still ahead: what happens now has happened before.</summary>
    public bool IsReplaying => _pending.Count > 0;

    public HistoryEventType? NextRecorded => _pending.TryPeek(out HistoryEvent? next) ? next.Type : null;

    /// <summary>The next recorded event, if it is of this type.</summary>
    public HistoryEvent? Take(HistoryEventType type) => NextRecorded == type ? _pending.Dequeue() : null;
}
