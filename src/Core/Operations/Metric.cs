namespace CacheBackup.Core.Operations;

/// <summary>A number that is watched, in its unit. Alarms go by the name.</summary>
/// <param name="Name">Its name in CloudWatch.</param>
/// <param name="Unit">One of CloudWatch's: <c>Count</c>, <c>Seconds</c>, <c>Bytes</c>.</param>
public sealed record Metric(string Name, string Unit)
{
    /// <summary>Backups that ended as failed, of every kind.</summary>
    public static readonly Metric BackupsFailed = new("BackupsFailed", "Count");

    /// <summary>Backups that were published.</summary>
    public static readonly Metric BackupsTaken = new("BackupsTaken", "Count");

    /// <summary>Windows that passed without a backup.</summary>
    public static readonly Metric BackupsMissed = new("BackupsMissed", "Count");

    /// <summary>Backups that were found damaged.</summary>
    public static readonly Metric BackupsDamaged = new("BackupsDamaged", "Count");

    /// <summary>Restores that failed.</summary>
    public static readonly Metric RestoresFailed = new("RestoresFailed", "Count");

    /// <summary>
    /// How far the cache that is most behind is behind its policy: the time since the end of the window in which its newest good backup
    /// was due, 0 where none is behind. Told by every tick, so that silence is an alarm.
    /// </summary>
    public static readonly Metric WorstBackupLateness = new("WorstBackupLateness", "Seconds");

    /// <summary>
    /// The age of the last proof (read back, restored or compared) of the cache that waited longest for one, among those with automatic
    /// backups; told by every purge.
    /// </summary>
    public static readonly Metric OldestProof = new("OldestProof", "Seconds");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Metric> All { get; } =
        [BackupsFailed, BackupsTaken, BackupsMissed, BackupsDamaged, RestoresFailed, WorstBackupLateness, OldestProof];
}
