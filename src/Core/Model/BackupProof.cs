namespace CacheBackup.Core.Model;

/// <summary>A restore test that a backup passed: restored into a throw-away cache, every key compared.</summary>
public sealed record BackupProof
{
    public required DateTimeOffset At { get; init; }

    public required ExecutionId Execution { get; init; }

    /// <summary>The engine of the throw-away cache.</summary>
    public required CacheEngine Engine { get; init; }

    public required CacheVersion EngineVersion { get; init; }

    /// <summary>Keys that were restored and read back equal.</summary>
    public required long Restored { get; init; }

    /// <summary>Keys whose time had come.</summary>
    public required long Expired { get; init; }
}
