namespace CacheBackup.Core.Retention;

/// <summary>What the purge makes of the clock. Nothing is removed unless it is steady.</summary>
public enum ClockVerdict
{
    Steady,

    /// <summary>The time is before one that was seen already.</summary>
    Backwards,

    /// <summary>The time is further ahead of the last one than a host is usually switched off.</summary>
    FarAhead,
}
