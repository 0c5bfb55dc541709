namespace CacheBackup.Core.Retention;

/// <summary>What is to be done for the window that a cache's schedule stands at.</summary>
public enum ScheduleStep
{
    /// <summary>Nothing now: the window is to come, its backup is being made, or something else holds the cache.</summary>
    Wait,

    /// <summary>The window is open and has no backup: take it.</summary>
    Start,

    /// <summary>The window has its backup: go on to the next.</summary>
    Served,

    /// <summary>The window has passed without a backup: say so, and go on to the next.</summary>
    Missed,

    /// <summary>The window has passed, and there was no cache that could have been backed up: go on to the next.</summary>
    Skip,
}
