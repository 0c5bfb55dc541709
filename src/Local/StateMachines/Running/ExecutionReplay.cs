namespace CacheBackup.Local.StateMachines.Running;

/// <summary>
/// What an execution's recorded events say about where it stands. Finished states are folded away as they are read, so the memory this
/// takes is bounded by what is unfinished, not by the length of the history.
/// </summary>
internal sealed class ExecutionReplay
{
    private readonly Dictionary<HistoryFrame, FrameReplay> _frames = [];

    public long LastEventId { get; private set; }

    public bool HasStarted { get; private set; }

    /// <summary>ExecutionSucceeded, Failed, TimedOut or Aborted.</summary>
    public HistoryEvent? Ended { get; private set; }

    public FrameReplay? Find(HistoryFrame frame) => _frames.GetValueOrDefault(frame);

    public void Add(HistoryEvent entry)
    {
        LastEventId = entry.Id;
        if (!_frames.TryGetValue(entry.Frame, out FrameReplay? frame))
        {
            _frames.Add(entry.Frame, frame = new FrameReplay());
        }

        frame.LastEventId = entry.Id;
        switch (entry.Type)
        {
            case HistoryEventType.ExecutionStarted:
                HasStarted = true;
                break;
            case HistoryEventType.ExecutionSucceeded or HistoryEventType.ExecutionFailed or HistoryEventType.ExecutionTimedOut or HistoryEventType.ExecutionAborted:
                Ended = entry;
                break;
            case HistoryEventType.MapIterationStarted:
                frame.HasStarted = true;
                break;
            case HistoryEventType.MapIterationSucceeded or HistoryEventType.MapIterationFailed or HistoryEventType.MapIterationAborted:
                frame.Ended = entry;
                FinishState(frame);
                break;
            default:
                AddToState(frame, entry);
                break;
        }
    }

    private void AddToState(FrameReplay frame, HistoryEvent entry)
    {
        if (EventTypes.IsStateExited(entry.Type))
        {
            frame.LastExit = new StateOutcome(entry.Output!.Value, entry.Next);
            FinishState(frame);
        }
        else
        {
            frame.Current.Add(entry);
        }
    }

    /// <summary>Forgets the events of the state that the strand was in, and all strands below it.</summary>
    private void FinishState(FrameReplay frame)
    {
        if (frame.Current is [{ Type: HistoryEventType.MapStateEntered or HistoryEventType.ParallelStateEntered } entered, ..])
        {
            foreach (HistoryFrame child in _frames.Keys.Where(child => child.EnteredId == entered.Id).ToList())
            {
                FinishState(_frames[child]);
                _frames.Remove(child);
            }
        }

        frame.Current.Clear();
    }
}
