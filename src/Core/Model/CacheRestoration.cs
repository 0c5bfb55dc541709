using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Model;

/// <summary>The restore that made a cache, and what it proved.</summary>
public sealed record CacheRestoration
{
    public required BackupName Backup { get; init; }

    public required BackupId BackupId { get; init; }

    public required RestoreTargetSpec Target { get; init; }

    /// <summary>The part of the backup that was wanted; null: all of it.</summary>
    public EntrySelection? Selection { get; init; }

    /// <summary>How fast it may write; null: as fast as the target takes it.</summary>
    public RestoreRate? Rate { get; init; }

    /// <summary>The execution that found the target empty; from then on it alone writes there. Null until then.</summary>
    public ExecutionId? ClaimedBy { get; init; }

    /// <summary>Null until the restore is complete.</summary>
    public RestoreOutcome? Outcome { get; init; }
}
