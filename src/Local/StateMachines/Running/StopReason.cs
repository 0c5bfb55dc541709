namespace CacheBackup.Local.StateMachines.Running;

/// <summary>Why an execution is made to stop before its end.</summary>
internal enum StopReason
{
    /// <summary>It was stopped from outside: it ends as ABORTED.</summary>
    Aborted,

    /// <summary>The machine's time-out: it ends as TIMED_OUT.</summary>
    TimedOut,

    /// <summary>The host goes down: it does not end, and is resumed.</summary>
    HostStopping,
}
