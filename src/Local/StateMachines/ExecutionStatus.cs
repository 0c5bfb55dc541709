namespace CacheBackup.Local.StateMachines;

/// <summary>An execution's status, by Step Functions' names.</summary>
public enum ExecutionStatus
{
    /// <summary>Not ended: at work, waiting, or cut off by a stop of the host and not resumed yet.</summary>
    Running,

    /// <summary>Ended with an output.</summary>
    Succeeded,

    /// <summary>Ended with an error that nothing caught.</summary>
    Failed,

    /// <summary>Ended by the machine's own time-out.</summary>
    TimedOut,

    /// <summary>Ended by a stop from outside.</summary>
    Aborted,
}
