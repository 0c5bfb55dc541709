namespace CacheBackup.Core.Retention;

/// <summary>Why the purge keeps a backup or removes it.</summary>
public enum RetentionReason
{
    /// <summary>Kept: manual, final, copied and imported backups stay until somebody deletes them.</summary>
    NotAutomatic,

    /// <summary>Kept: an execution makes it.</summary>
    BeingMade,

    /// <summary>Kept: it is being deleted already.</summary>
    BeingDeleted,

    /// <summary>Kept: an execution reads it.</summary>
    InUse,

    /// <summary>Kept: its data is locked, and the date of that is to come.</summary>
    Locked,

    /// <summary>Kept: the clock ran backwards, or far ahead; until it is believed nothing goes.</summary>
    ClockInDoubt,

    /// <summary>Kept: its date is to come.</summary>
    NotExpired,

    /// <summary>Kept: it has no date.</summary>
    NotDated,

    /// <summary>Kept: the newest good automatic backup stays while automatic backups are on.</summary>
    NewestGood,

    /// <summary>Kept: much smaller than those before it, and no good one has followed yet.</summary>
    SuspiciouslySmall,

    /// <summary>Kept: the longer plan asks for it.</summary>
    Plan,

    /// <summary>Kept: its cache's record is gone although nobody removed the cache, as after a catalog was lost. Register the cache again.</summary>
    CacheUnknown,

    /// <summary>Goes: its date has passed.</summary>
    Expired,

    /// <summary>Goes: automatic backups go with their cache.</summary>
    CacheRemoved,
}
