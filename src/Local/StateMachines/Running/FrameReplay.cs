namespace CacheBackup.Local.StateMachines.Running;

/// <summary>What is known of one strand from its recorded events.</summary>
internal sealed class FrameReplay
{
    /// <summary>The output and successor of the last finished state.</summary>
    public StateOutcome? LastExit { get; set; }

    /// <summary>The events of the state that was not finished.</summary>
    public List<HistoryEvent> Current { get; } = [];

    public long LastEventId { get; set; }

    /// <summary>MapIterationStarted, of an iteration.</summary>
    public bool HasStarted { get; set; }

    /// <summary>MapIterationSucceeded, Failed or Aborted, of an iteration.</summary>
    public HistoryEvent? Ended { get; set; }
}
