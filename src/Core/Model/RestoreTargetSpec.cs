namespace CacheBackup.Core.Model;

/// <summary>What new cache a restore is to make.</summary>
public sealed record RestoreTargetSpec
{
    /// <summary>Null: the backup's own engine.</summary>
    public CacheEngine? Engine { get; init; }

    public RestoreFill Fill { get; init; }

    /// <summary>A Redis OSS backup may go into Valkey, and the other way round, only where this says so.</summary>
    public bool AllowEngineChange { get; init; }

    /// <summary>A backup that is known to be damaged is restored, as far as its bytes can be read, only where this says so.</summary>
    public bool AllowDamaged { get; init; }
}
